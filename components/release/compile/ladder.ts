import { Fit } from "../../model/release";
import { exposureError, largestRise, meanDifference, reachedAt, type Stage, secondsToAll } from "./exposure";

/** What a target that knows no list of steps can do: one step, or equal ones. */
export interface Ladder {
  /** "canary": one share, then everything. "linear": the same share again and again. */
  shape: "canary" | "linear";
  /** The share, in percent. */
  percent: number;
  /** Time at each share. */
  minutes: number;
  steps: Stage[];
}

/** What such a target takes. */
export interface LadderLimits {
  /** Smallest share of a linear shift, in percent. */
  smallestLinear: number;
  /** Smallest share of a single step, in percent. */
  smallestCanary: number;
  /** Shares are multiples of this, in percent. */
  grain: number;
  /** Longest time at one share. */
  mostMinutes: number;
}

/** The shifts themselves. */
function ladder(shape: Ladder["shape"], percent: number, minutes: number): Ladder {
  const count = shape === "canary" ? 1 : Math.ceil(100 / percent - 1e-9) - 1;
  const steps = Array.from({ length: count }, (_, index) => ({
    weight: tidy(percent * (index + 1)),
    holdSeconds: minutes * 60,
  }));
  return { shape, percent, minutes, steps };
}

/** Without the dust of binary fractions. */
const tidy = (value: number) => Number(value.toPrecision(12));

/**
 * The ladder for a list of steps.
 * - If one does exactly what was asked, that one, but that times are rounded up to minutes.
 * - "nearest": the one with the least difference on average over time.
 * - Otherwise never above the requested share at any time, and without a larger rise at once than asked for, as quick
 *   as that allows; where no equal steps can be that small, one step for as long as the whole request.
 * Undefined when none stays below what was asked.
 */
export function fitLadder(requested: readonly Stage[], limits: LadderLimits, fit: Fit): Ladder | undefined {
  const same = sameShape(requested, limits);
  if (same !== undefined) return same;
  if (fit === Fit.nearest) return nearest(requested, limits);
  // A share that was rounded down makes the next rise that much larger.
  const rise = largestRise(requested) + limits.grain;
  const below = [...linearBelow(requested, limits), ...canaryBelow(requested, limits)];
  const gentle = below.filter(({ steps }) => largestRise(steps) <= rise);
  const [best] = (gentle.length > 0 ? gentle : below).sort(
    (a, b) =>
      (gentle.length > 0 ? 0 : largestRise(a.steps) - largestRise(b.steps)) ||
      secondsToAll(a.steps) - secondsToAll(b.steps) ||
      b.percent - a.percent,
  );
  return best;
}

/** One step, or equal steps of equal length, as they were asked for. */
function sameShape(requested: readonly Stage[], limits: LadderLimits): Ladder | undefined {
  const [first] = requested;
  if (first === undefined) return undefined;
  const minutes = Math.ceil(first.holdSeconds / 60);
  const onGrain = Math.abs(first.weight / limits.grain - Math.round(first.weight / limits.grain)) < 1e-9;
  if (!onGrain || minutes > limits.mostMinutes) return undefined;
  if (requested.length === 1) {
    return first.weight >= limits.smallestCanary ? ladder("canary", first.weight, minutes) : undefined;
  }
  if (first.weight < limits.smallestLinear) return undefined;
  const equal = ladder("linear", first.weight, minutes);
  const fits =
    equal.steps.length === requested.length &&
    requested.every(
      ({ weight, holdSeconds }, index) =>
        weight === equal.steps[index]?.weight && Math.ceil(holdSeconds / 60) === minutes,
    );
  return fits ? equal : undefined;
}

/** Equal steps that stay below what was asked: for each share the quickest. */
function linearBelow(requested: readonly Stage[], limits: LadderLimits): Ladder[] {
  return shares(requested, limits.smallestLinear, limits.grain)
    .filter((percent) => percent <= (requested[0]?.weight ?? 100))
    .flatMap((percent) => {
      const count = Math.ceil(100 / percent - 1e-9);
      let seconds = 60;
      for (let shift = 1; shift < count; shift++) {
        const share = Math.min(100, tidy(percent * (shift + 1)));
        seconds = Math.max(seconds, reachedAt(requested, share) / shift);
      }
      const minutes = Math.ceil(tidy(seconds / 60));
      return minutes <= limits.mostMinutes ? [ladder("linear", percent, minutes)] : [];
    });
}

/** One step that stays below what was asked: the first share until all was asked for. */
function canaryBelow(requested: readonly Stage[], limits: LadderLimits): Ladder[] {
  const minutes = Math.max(1, Math.ceil(tidy(secondsToAll(requested) / 60)));
  const percent = onGrainBelow(requested[0]?.weight ?? 0, limits.grain);
  return percent >= limits.smallestCanary && minutes <= limits.mostMinutes ? [ladder("canary", percent, minutes)] : [];
}

function nearest(requested: readonly Stage[], limits: LadderLimits): Ladder | undefined {
  const total = secondsToAll(requested) / 60;
  const within = (minutes: number) => Math.min(limits.mostMinutes, Math.max(1, Math.round(minutes)));
  const candidates = [
    ...shares(requested, limits.smallestLinear, limits.grain).flatMap((percent) => {
      const holds = Math.ceil(100 / percent - 1e-9) - 1;
      const lengths = [...requested.map(({ holdSeconds }) => holdSeconds / 60), total / Math.max(1, holds)].map(within);
      return [...new Set(lengths)].map((minutes) => ladder("linear", percent, minutes));
    }),
    ...shares(requested, limits.smallestCanary, limits.grain)
      .filter((percent) => percent < 100)
      .map((percent) => ladder("canary", percent, within(total))),
  ];
  const [best] = candidates
    .map((candidate) => ({ candidate, difference: meanDifference(requested, candidate.steps) }))
    .sort((a, b) => a.difference - b.difference || a.candidate.steps.length - b.candidate.steps.length);
  return best?.candidate;
}

/** Shares worth trying: whole percents, and what was asked for. */
function shares(requested: readonly Stage[], smallest: number, grain: number): number[] {
  const asked = requested.map(({ weight }) => onGrainBelow(weight, grain));
  const whole = Array.from({ length: 99 }, (_, index) => index + 1);
  return [...new Set([...whole, ...asked])].filter((percent) => percent >= smallest && percent < 100);
}

const onGrainBelow = (percent: number, grain: number) => tidy(Math.floor(tidy(percent / grain)) * grain);

/** Whether a ladder does what was asked to the second. */
export function isExact(requested: readonly Stage[], { steps }: Pick<Ladder, "steps">): boolean {
  return (
    requested.length === steps.length &&
    requested.every(
      (stage, index) => stage.weight === steps[index]?.weight && stage.holdSeconds === steps[index]?.holdSeconds,
    )
  );
}

/** In words: "LINEAR 10 % every 5 min, 45 min to 100 %, at most 15 % of the traffic more than asked". */
export function describeLadder(requested: readonly Stage[], { shape, percent, minutes, steps }: Ladder): string {
  const error = exposureError(requested, steps);
  const how = shape === "linear" ? `${percent} % every ${minutes} min` : `${percent} % for ${minutes} min`;
  const total = `${Math.round(secondsToAll(steps) / 60)} min to 100 %`;
  const limit =
    error === 0 ? "never above the requested share" : `up to ${tidy(error * 100)} % of the traffic more than asked`;
  return `${how}, ${total}, ${limit}`;
}
