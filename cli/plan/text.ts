import { formatDuration } from "../../components/model/duration";
import { formatProblem } from "../../components/model/problem";
import { type Outlook, type OutlookStep, sparkline, type TargetOutlook } from "./outlook";

const BARS = 16;

/** An outlook as a person reads it: a line for each target, then what each does differently and when. */
export function outlookText(outlook: Outlook): string {
  const { service, strategy, requested, traffic, targets } = outlook;
  const longest = Math.max(1, ...targets.map((target) => target.secondsToAll));
  const rows = targets.map((target) => [
    target.target,
    target.problems.length > 0 ? "refused" : target.fidelity,
    `${duration(target.secondsToAll)}`,
    sparkline(target.steps, longest * 1.1, BARS),
    target.problems.length > 0 ? "" : visible(target.steps),
  ]);
  const head = ["target", "fidelity", "to 100 %", "exposure", `smallest visible error ratio at ${rate(traffic)}`];
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (row: string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
  const asked = requested.map(({ weight }) => weight).join("/");
  const holds = [...new Set(requested.map(({ holdSeconds }) => duration(holdSeconds)))].join(", ");
  const what = requested.length === 0 ? strategy : strategy === "canary" ? `canary ${asked} × ${holds}` : strategy;
  return [
    `${service} · ${what}, then 100 %, old version warm for ${duration(outlook.bakeSeconds)}`,
    line(head),
    ...rows.map(line),
    ...targets.flatMap(details),
  ].join("\n");
}

function details(outlook: TargetOutlook): string[] {
  const { target, steps, diagnostics, warnings, problems, bakeSeconds, maxExposureError } = outlook;
  const way = steps.map((step) => `${step.weight} % ${duration(step.holdSeconds)}${gate(step)}`);
  const bake = bakeSeconds > 0 ? `100 %, old version warm ${duration(bakeSeconds)}` : "100 %";
  return [
    "",
    `${target}: ${problems.length > 0 ? "refused" : [...way, bake].join(" → ")}`,
    ...problems.map((problem) => `  refused       ${formatProblem(problem)}`),
    ...diagnostics.map(({ fidelity, feature, message }) => `  ${fidelity.padEnd(12)}  ${feature}: ${message}`),
    ...warnings.map((warning) => `  warning       ${warning}`),
    ...(maxExposureError > 0
      ? [`  exposure      up to ${percent(maxExposureError)} of the traffic more than asked for`]
      : []),
  ];
}

function gate({ gate: kind }: OutlookStep): string {
  return { manual: ", then a person", verdict: " or a verdict before" }[kind] ?? "";
}

/** The first steps in which a regression can be seen, since these protect the most. */
function visible(steps: readonly OutlookStep[]): string {
  const seen = steps.filter((step) => step.weight > 0);
  if (seen.length === 0) return "health only";
  const told = seen.filter((step) => step.smallestVisibleErrorRatio !== undefined).slice(0, 2);
  if (told.length === 0) return "none: too few requests in every step";
  return told.map((step) => `${percent(step.smallestVisibleErrorRatio ?? 1)} at ${step.weight} %`).join(", ");
}

function rate({ requestsPerSecond, oldErrorRatio }: Outlook["traffic"]): string {
  return `${requestsPerSecond} req/s, ${percent(oldErrorRatio)} errors before`;
}

const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(2))} %`;

/** "20 min", "90 s": as people say it. */
export function duration(seconds: number): string {
  if (seconds >= 60 && seconds % 60 === 0 && seconds < 7200) return `${seconds / 60} min`;
  return seconds < 60 || seconds % 60 !== 0
    ? `${Number(seconds.toFixed(1))} s`
    : formatDuration(seconds).replace("h", " h");
}
