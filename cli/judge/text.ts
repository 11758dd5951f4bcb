import { formatDuration } from "../../components/model/duration";
import { type BadLimits, MISSING_SCRAPES, type SequentialRule } from "../../components/release/sequential/rule";
import type { Judgement } from "./judgement";
import { isoTime } from "./moment";

/** A judgement, and what it is about. */
export interface Told {
  judgement: Judgement;
  /** What stands behind the counts: matchers, or revisions; absent for a file. */
  canary?: string;
  stable?: string;
  remarks: readonly string[];
}

/** Later times are times of day, earlier ones seconds from the start of a recording. */
const FIRST_DATE = 1e8;

/** A judgement as a person reads it. */
export function judgementText({ judgement, canary, stable, remarks }: Told): string {
  const { verdict, reason, logLikelihoodRatio, failAt, passAt, slots, historySlots, slotSeconds, slow } = judgement;
  const { inflation, rule } = judgement;
  if (slots === 0) return [verdict, `  ${reason}`, ...remarks.map((remark) => row(["remark", remark]))].join("\n");
  const rows: [string, string][] = [
    ["evidence", `${round(logLikelihoodRatio)}: fails from ${round(failAt)} on, passes from ${round(passAt)} down`],
    ["canary", arm(canary, "failed", judgement.canaryBad, judgement.canaryRequests)],
    ["stable", arm(stable, "failed", judgement.stableBad, judgement.stableRequests)],
    ...(slow === undefined
      ? []
      : ([
          ["slow canary", arm(undefined, "were too slow", slow.canarySlow, slow.canaryTimed)],
          ["slow stable", arm(undefined, "were too slow", slow.stableSlow, slow.stableTimed)],
        ] as [string, string][])),
    ["inflation", `${round(inflation.all)} of bursts and spells of errors, ${round(inflation.burst)} of bursts alone`],
    ["slots", `${slots} of ${formatSpan(slotSeconds)}, ${historySlots} of them before the canary's first request`],
    ["rule", ruleText(rule)],
    ...leftOut("left out", judgement.leftOutSlots, "with more bad requests than requests"),
    ...leftOut("gaps", judgement.gapSlots, `after more than ${MISSING_SCRAPES} missing scrapes, not judged`),
    ...remarks.map((remark): [string, string] => ["remark", remark]),
  ];
  return [`${verdict}${moment(judgement)}`, `  ${reason}`, ...rows.map(row)].join("\n");
}

function leftOut(name: string, slots: number, why: string): [string, string][] {
  return slots === 0 ? [] : [[name, `${slots} slot${slots === 1 ? "" : "s"} ${why}`]];
}

const row = ([name, value]: [name: string, value: string]) => `  ${name.padEnd(12)} ${value}`;

function moment({ verdict, at, secondsToVerdict }: Judgement): string {
  if (at === null || secondsToVerdict === null) return "";
  const after = `${formatSpan(secondsToVerdict)} after the canary's first request`;
  return verdict === "fail" ? `, decided at ${time(at)}, ${after}` : `, since ${time(at)}, ${after}`;
}

/** When something was, as a person reads it. */
export const time = (at: number): string => (at >= FIRST_DATE ? isoTime(at) : `${round(at)} s`);

/** A length of time in the two largest units that say it. */
export function formatSpan(seconds: number): string {
  if (seconds < 60) return `${round(seconds)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const parts =
    hours > 0 ? [`${hours} h`, minutes > 0 && `${minutes} min`] : [`${minutes} min`, rest > 0 && `${rest} s`];
  return parts.filter((part) => part !== false).join(" ");
}

function arm(name: string | undefined, what: string, bad: number, total: number): string {
  const counts = total === 0 ? "no requests" : `${count(bad)} of ${count(total)} ${what}, ${percent(bad / total)}`;
  return name === undefined ? counts : `${counts} (${name})`;
}

function ruleText({ alpha, beta, tolerate, errors, slow, warmUpSeconds, historySeconds }: SequentialRule): string {
  const limits = ({ ignoreBelow, sloMax }: BadLimits) =>
    `ignore below ${percent(ignoreBelow)}, pass below ${percent(sloMax)}`;
  const late = slow === undefined ? [] : [`slow: ${limits(slow)}`];
  return [
    `alpha ${alpha}, beta ${beta}, tolerate ${tolerate}, ${limits(errors)}`,
    ...late,
    `warm-up ${formatDuration(warmUpSeconds)}, history ${formatDuration(historySeconds)}`,
  ].join(", ");
}

const decimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const significant = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** A number with at most two decimals; no zero is negative. */
export const round = (value: number): string => decimal.format(Math.round(value * 100) / 100 + 0);
const count = (value: number) => decimal.format(value);

/** A share, 0 to 1, in percent. */
export const percent = (share: number): string => `${significant.format(100 * share)} %`;
