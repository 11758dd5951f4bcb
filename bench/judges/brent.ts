const EPSILON = Number.EPSILON;

/**
 * A root of `f` between two ends, to within `tolerance`, by bisection and interpolation in turn (Brent 1973,
 * "Algorithms for minimization without derivatives", chapter 4, procedure zero). The steps are those of R's uniroot,
 * so that on functions that jump it stops where others that use the procedure stop.
 */
export function brentRoot(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  // `best` is the newest estimate, `before` the one before it, `other` the newest on the other side of the root.
  let [before, best] = [low, high];
  let [fBefore, fBest] = [f(low), f(high)];
  if (fBefore === 0) return low;
  if (fBest === 0) return high;
  let [other, fOther] = [before, fBefore];
  for (let round = 0; round < 1000; round++) {
    const lastStep = best - before;
    if (Math.abs(fOther) < Math.abs(fBest)) {
      [before, best, other] = [best, other, best];
      [fBefore, fBest, fOther] = [fBest, fOther, fBest];
    }
    const smallest = 2 * EPSILON * Math.abs(best) + tolerance / 2;
    const half = (other - best) / 2;
    if (Math.abs(half) <= smallest || fBest === 0) return best;
    let step = half;
    if (Math.abs(lastStep) >= smallest && Math.abs(fBefore) > Math.abs(fBest)) {
      const [p, q] = interpolation(before, best, other, fBefore, fBest, fOther);
      if (p < 0.75 * 2 * half * q - Math.abs(smallest * q) / 2 && p < Math.abs((lastStep * q) / 2)) step = p / q;
    }
    if (Math.abs(step) < smallest) step = step > 0 ? smallest : -smallest;
    [before, fBefore] = [best, fBest];
    best += step;
    fBest = f(best);
    if (fBest > 0 === fOther > 0 && fBest !== 0 && fOther !== 0) [other, fOther] = [before, fBefore];
  }
  return best;
}

/** The interpolated step as a fraction with p ≥ 0: along a line, or inverse quadratic through three points. */
function interpolation(a: number, b: number, c: number, fa: number, fb: number, fc: number): [p: number, q: number] {
  const s = fb / fa;
  let p = (c - b) * s;
  let q = 1 - s;
  if (a !== c) {
    const [r, t] = [fb / fc, fa / fc];
    p = s * ((c - b) * t * (t - r) - (b - a) * (r - 1));
    q = (t - 1) * (r - 1) * (s - 1);
  }
  return p > 0 ? [p, -q] : [-p, q];
}
