import { brentRoot } from "./brent";

/** Every observation is the same, so that no variance is left. */
export class TiedError extends Error {}

/** Difference in location of two samples. */
export interface Shift {
  low: number;
  high: number;
  /** Hodges and Lehmann's: where the statistic is zero. */
  estimate: number;
}

/** At which the original's root finder stops. */
const TOLERANCE = 1e-4;

/**
 * The rank sum statistic of x − shift against y as a normal deviate, with corrections for continuity and ties (Mann and
 * Whitney 1947; ties: Lehmann 1975, "Nonparametrics", section 1.4). Both samples sorted.
 */
export function deviate(x: Float64Array, y: Float64Array, shift: number): number {
  const [nx, ny] = [x.length, y.length];
  let ranks = 0;
  let ties = 0;
  for (let i = 0, j = 0; i < nx || j < ny; ) {
    const fromX = i < nx ? (x[i] ?? 0) - shift : Number.POSITIVE_INFINITY;
    const fromY = j < ny ? (y[j] ?? 0) : Number.POSITIVE_INFINITY;
    const value = Math.min(fromX, fromY);
    const [i0, j0] = [i, j];
    while (i < nx && (x[i] ?? 0) - shift === value) i++;
    while (j < ny && y[j] === value) j++;
    const tied = i - i0 + (j - j0);
    ranks += (i - i0) * (i0 + j0 + (tied + 1) / 2);
    ties += tied ** 3 - tied;
  }
  const centred = ranks - (nx * (nx + 1)) / 2 - (nx * ny) / 2;
  const n = nx + ny;
  const variance = ((nx * ny) / 12) * (n + 1 - ties / (n * (n - 1)));
  if (!(variance > 0)) throw new TiedError("all observations are tied");
  return (centred - Math.sign(centred) / 2) / Math.sqrt(variance);
}

/**
 * Confidence interval and estimate of the shift of x against y, by inverting the test (Hollander, Wolfe and Chicken
 * 2014, "Nonparametric statistical methods", section 4.3, in the normal approximation), as Kayenta does it after R.
 *
 * @param quantile Normal quantile of the two-sided interval: 2.326 for 98 %.
 * @throws TiedError when all observations are tied at a shift.
 */
export function mannWhitney(sampleX: readonly number[], sampleY: readonly number[], quantile: number): Shift {
  const x = Float64Array.from(sampleX).sort();
  const y = Float64Array.from(sampleY).sort();
  const least = (x[0] ?? 0) - (y[y.length - 1] ?? 0);
  const most = (x[x.length - 1] ?? 0) - (y[0] ?? 0);
  const root = (level: number) => brentRoot((shift) => deviate(x, y, shift) - level, least, most, TOLERANCE);
  const atLeast = deviate(x, y, least);
  const atMost = deviate(x, y, most);
  const end = (level: number) => (atLeast <= level ? least : atMost >= level ? most : root(level));
  return { low: end(quantile), high: end(-quantile), estimate: root(0) };
}
