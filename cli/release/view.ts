import { seenText, stepLine } from "../../components/release/lines";
import type { PlannedStep } from "../../components/release/plan";
import type { ReleaseProgress, StepRecord } from "../../components/release/progress";
import type { ServiceView } from "./target";
import { copiesText, stateText, versionText } from "./text";

const BAR = 30;
/** Last lines of what happened. */
const EVENTS = 4;

/** A service and its release as a picture of lines, each at most `width` characters. Pure. */
export function liveView(view: ServiceView, now: number, width: number): string[] {
  const { service, place, stable, release } = view;
  const head = `${service} on ${place}`;
  const lines =
    release === undefined
      ? [head, "", stable === undefined ? "  nothing was released yet" : `  ${versionText(stable)} has the traffic`]
      : [head, "", ...shares(release), "", ...ladder(release, now), ...waiting(release), ...happened(release)];
  return lines.map((line) => cut(line, width));
}

/** The traffic of both versions. */
function shares(release: ReleaseProgress): string[] {
  const { candidate, previous, weight, copies } = release;
  const row = (share: number, text: string) => `  ${bar(share)} ${percent(share)}  ${text}`;
  return [
    row(weight, `${versionText(candidate)} ${stateText(release)}`),
    ...(previous === undefined ? [] : [row(100 - weight, versionText(previous))]),
    ...(copies === undefined ? [] : [`  ${copiesText(copies)}`]),
  ];
}

const percent = (share: number) => `${Math.round(share * 10) / 10} %`.padStart(6);

/** A bar that is full at 100 %. */
export function bar(share: number): string {
  const filled = Math.round((Math.min(100, Math.max(0, share)) * BAR) / 100);
  return "█".repeat(filled) + "░".repeat(BAR - filled);
}

/** Steps that are over, the present one with how much of its hold is over, and those to come. */
function ladder(release: ReleaseProgress, now: number): string[] {
  const { plan, steps } = release;
  const bake = plan.bakeSeconds > 0 ? [{ weight: 100, holdSeconds: plan.bakeSeconds, gate: "auto" as const }] : [];
  const rest = [...steps];
  const lines = [...plan.steps, ...bake].map((planned) => {
    const index = rest.findIndex(({ weight }) => weight === planned.weight);
    const [record] = index < 0 ? [] : rest.splice(index, 1);
    return rung(planned, record, release, now);
  });
  return lines.length === 0 ? [] : [...lines, ""];
}

function rung(planned: PlannedStep, record: StepRecord | undefined, release: ReleaseProgress, now: number): string {
  const { weight, holdSeconds, gate } = planned;
  if (record === undefined) {
    const then = gate === "manual" ? ", then a person" : "";
    const skipped = release.phase === "ended" ? "skipped" : `${Math.round(holdSeconds)} s${then}`;
    return `    ${`${weight} %`.padStart(5)}   ${skipped}`;
  }
  if (record.endedAt !== undefined) {
    return `  ${record.verdict === "fail" ? "✗" : "✓"} ${stepLine(record, now)}`;
  }
  const elapsed = Math.max(0, Math.round(now - record.startedAt));
  const hold = Math.max(0, Math.round(holdSeconds));
  const time = elapsed <= hold ? `${elapsed} of ${hold} s` : `${elapsed} s`;
  const seen = record.new.total === 0 ? "" : `   ${seenText(record).trimStart()}`;
  return `  ▸ ${`${weight} %`.padStart(5)}   ${time}${seen}`;
}

/** What somebody has to decide. */
function waiting({ paused, reason, outcome }: ReleaseProgress): string[] {
  if (outcome === "rolledBack") return reason === undefined ? [] : [`  ${reason}`, ""];
  if (paused === undefined) return [];
  return [`  waits for a person: headgate release promote, or abort${reason === undefined ? "" : ` (${reason})`}`, ""];
}

function happened({ events }: ReleaseProgress): string[] {
  return events
    .slice(-EVENTS)
    .map(({ at, message }) => `  ${new Date(at * 1000).toISOString().slice(11, 19)}  ${message}`);
}

const cut = (line: string, width: number) => {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
};
