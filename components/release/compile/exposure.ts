/** A share of the traffic in percent, and how long it stays. */
export interface Stage {
  weight: number;
  holdSeconds: number;
}

// Exposure is a staircase: the stages one after another from the moment the new version may have traffic, then 100 %.
// Gates count as opened at once, since nobody knows when a person decides.

/** Seconds until the new version has all traffic. */
export function secondsToAll(stages: readonly Stage[]): number {
  return stages.reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);
}

/** Percent of the traffic the new version has after so many seconds. */
export function exposureAt(stages: readonly Stage[], seconds: number): number {
  let end = 0;
  for (const { weight, holdSeconds } of stages) {
    end += holdSeconds;
    if (seconds < end) return weight;
  }
  return 100;
}

/** Seconds after which the new version first has at least so many percent. */
export function reachedAt(stages: readonly Stage[], percent: number): number {
  let start = 0;
  for (const { weight, holdSeconds } of stages) {
    if (weight >= percent) return start;
    start += holdSeconds;
  }
  return start;
}

/** Moments at which either staircase changes. */
function moments(one: readonly Stage[], other: readonly Stage[]): number[] {
  const starts = [one, other].flatMap((stages) => {
    let start = 0;
    return [0, ...stages.map(({ holdSeconds }) => (start += holdSeconds))];
  });
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** Largest share of the traffic, 0 to 1, that `actual` has beyond `requested` at any time. */
export function exposureError(requested: readonly Stage[], actual: readonly Stage[]): number {
  const excess = moments(requested, actual).map((at) => exposureAt(actual, at) - exposureAt(requested, at));
  return Math.max(0, ...excess) / 100;
}

/** Percent that the two differ by, averaged over the time until both have all traffic. */
export function meanDifference(requested: readonly Stage[], actual: readonly Stage[]): number {
  const at = moments(requested, actual);
  const end = at.at(-1) ?? 0;
  if (end === 0) return 0;
  const area = at.reduce((sum, start, index) => {
    const seconds = (at[index + 1] ?? end) - start;
    return sum + seconds * Math.abs(exposureAt(actual, start) - exposureAt(requested, start));
  }, 0);
  return area / end;
}

/** Largest rise of the share at once, in percent, the first one from nothing included. */
export function largestRise(stages: readonly Stage[]): number {
  const weights = [0, ...stages.map(({ weight }) => weight), 100];
  return Math.max(...weights.slice(1).map((weight, index) => weight - (weights[index] ?? 0)));
}
