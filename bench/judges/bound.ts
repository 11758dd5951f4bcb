import { type Cell, SHARES, SLOT_SECONDS } from "./grid";

/** Poisson chances below this are left out of a sum. */
const NEGLIGIBLE = 1e-12;
/** Prices that are tried, as logarithms of their ratio to all bad requests. */
const LOGARITHMS = [-15, 25] as const;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const GOLDEN_STEPS = 40;

/**
 * The fewest bad requests that a new version can answer in the mean under any judge that takes back at most the share
 * `falseShare` of good versions: one that looks after every slot, knows both error ratios beforehand, and may toss a
 * coin. For requests that fail alone.
 *
 * Bad requests of the new version are then Poisson numbers, and everything else says nothing. With r the bad requests
 * still to come and L the likelihood ratio of a worse version to a good one, a rule that stops at τ saves E₁[r(τ)] and
 * takes back P₀(τ) = E₁[1 / L(τ)] of good versions. For each price λ of a false rollback the best rule is found
 * backwards in time (Chow, Robbins and Siegmund 1971, chapter 3), and its value bounds all rules by weak duality:
 * saved ≤ V(λ) + λ · falseShare. The smallest such bound counts.
 */
export function fewestBadRequests({ requestsPerSecond, errorRatio, theta }: Cell, falseShare: number): number {
  const means = SHARES.map((share) => requestsPerSecond * SLOT_SECONDS * share * errorRatio);
  const all = theta * means.reduce((sum, mean) => sum + mean, 0);
  const saved = smallest(
    (logarithm) => {
      const price = all * Math.exp(logarithm);
      return valueAt(means, theta, price) + price * falseShare;
    },
    ...LOGARITHMS,
  );
  return all - Math.min(all, saved);
}

/** What the best rule saves, less the price of its false rollbacks. */
export function valueAt(means: readonly number[], theta: number, price: number): number {
  const chances = means.map((mean) => poisson(theta * mean));
  const most = [0];
  for (const { length } of chances) most.push((most.at(-1) ?? 0) + length - 1);
  let [seen, left] = [means.reduce((sum, mean) => sum + mean, 0), 0];
  // After the last slot nothing is left to save.
  let after = new Float64Array((most.at(-1) ?? 0) + 1);
  for (let slot = means.length - 1; slot >= 0; slot--) {
    const [next, mean] = [chances[slot] ?? [], means[slot] ?? 0];
    seen -= mean;
    left += theta * mean;
    const now = new Float64Array((most[slot] ?? 0) + 1);
    for (let bad = 0; bad < now.length; bad++) {
      let value = 0;
      for (let more = 0; more < next.length; more++) value += (next[more] ?? 0) * (after[bad + more] ?? 0);
      const likelihood = Math.exp(bad * Math.log(theta) - (theta - 1) * seen);
      // Before the first slot nothing was seen, and nobody decides.
      now[bad] = slot === 0 ? value : Math.max(value, left - price / likelihood);
    }
    after = now;
  }
  return after[0] ?? 0;
}

/** Chances of 0, 1, 2 … events. */
function poisson(mean: number): number[] {
  const chances = [Math.exp(-mean)];
  for (let count = 1; ; count++) {
    const next = ((chances[count - 1] ?? 0) * mean) / count;
    if (count > mean && next < NEGLIGIBLE) return chances;
    chances.push(next);
  }
}

/** Smallest value of a function that falls and then rises. */
function smallest(of: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [of(left), of(right)];
  for (let step = 0; step < GOLDEN_STEPS; step++) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = of(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = of(right);
    }
  }
  return Math.min(atLeft, atRight);
}
