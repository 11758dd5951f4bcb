import { createHash } from "node:crypto";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

/** Means from here on are drawn by rejection, below by inversion. */
const LARGE_MEAN = 10;
/** Bursts from here on are summed by one gamma variable, below one by one. */
const MANY_BURSTS = 12;

/** A stream of random numbers that depends on its name alone. */
export class Random {
  private readonly generator: JumpableRandomGenerator;

  constructor(name: string) {
    const digest = createHash("sha256").update(name).digest();
    this.generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  }

  /** Uniform, at least 0 and below 1, in steps of 2^-53. */
  uniform(): number {
    return ((this.generator.next() >>> 5) * 67108864 + (this.generator.next() >>> 6)) / 9007199254740992;
  }

  /** Uniform whole number, at least 0 and below `end`. */
  below(end: number): number {
    return Math.floor(this.uniform() * end);
  }

  /** Standard normal. (Box and Muller 1958, "A note on the generation of random normal deviates".) */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  poisson(mean: number): number {
    if (mean <= 0) return 0;
    return mean < LARGE_MEAN ? this.smallPoisson(mean) : this.largePoisson(mean);
  }

  /** Trials up to the first success, at least 1, with a mean of `mean` trials. */
  geometric(mean: number): number {
    return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - this.uniform()) / Math.log1p(-1 / mean));
  }

  /**
   * Sum of so many geometric numbers. What lies above one each is negative binomial: a Poisson number whose mean is a
   * gamma variable (Greenwood and Yule 1920).
   */
  geometricSum(count: number, mean: number): number {
    if (mean <= 1) return count;
    if (count >= MANY_BURSTS) return count + this.poisson(this.gamma(count) * (mean - 1));
    let sum = 0;
    for (let index = 0; index < count; index++) sum += this.geometric(mean);
    return sum;
  }

  /** Gamma with this shape, at least 1, and scale 1. (Marsaglia and Tsang 2000, "A simple method for generating gamma variables".) */
  gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0) continue;
      if (Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** Inversion by sequential search. (Devroye 1986, "Non-uniform random variate generation", X.3.3.) */
  private smallPoisson(mean: number): number {
    let left = this.uniform();
    let chance = Math.exp(-mean);
    let count = 0;
    while (left >= chance && chance > 0) {
      left -= chance;
      count += 1;
      chance *= mean / count;
    }
    return count;
  }

  /** Transformed rejection with squeeze. (Hörmann 1993, "The transformed rejection method …", algorithm PTRS.) */
  private largePoisson(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const quick = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.uniform();
      const edge = 0.5 - Math.abs(u);
      const count = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
      if (edge >= 0.07 && v <= quick) return count;
      if (count < 0 || (edge < 0.013 && v > edge)) continue;
      const height = Math.log((v * (1.1239 + 1.1328 / (b - 3.4))) / (a / (edge * edge) + b));
      if (height <= count * Math.log(mean) - mean - logFactorial(count)) return count;
    }
  }
}

const SMALL_FACTORIALS = [1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880].map(Math.log);

/** ln(n!), by Stirling's series from ten on, where its next term is below 1e-10. */
export function logFactorial(n: number): number {
  const known = SMALL_FACTORIALS[n];
  if (known !== undefined) return known;
  const x = n + 1;
  const square = 1 / (x * x);
  const tail = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + tail;
}
