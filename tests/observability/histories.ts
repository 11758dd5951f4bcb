import fc from "fast-check";
import type { SequentialRule } from "../../components/release/sequential/rule";

/** One counter of one pod, scrape by scrape; undefined: the scrape is missing. */
export interface CounterHistory {
  version: "canary" | "stable";
  pod: string;
  bad: boolean;
  values: (number | undefined)[];
}

/** Counters of both versions before and in a release, and the rule it is judged by. */
export interface History {
  scrapeSeconds: number;
  /** Number of slots; there is one scrape more. */
  slots: number;
  series: CounterHistory[];
  rule: SequentialRule;
}

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);

/** Everything a history is drawn from; what happens in each slot follows from the seed. */
const outlines = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  scrapeSeconds: oneOf(5, 15, 30),
  pastSlots: fc.integer({ min: 0, max: 60 }),
  releaseSlots: fc.integer({ min: 10, max: 60 }),
  requestsPerSlot: oneOf(0, 3, 40, 600, 9000),
  badRatio: oneOf(0, 0.001, 0.01, 0.08),
  effect: oneOf(0, 1, 1, 2, 6),
  burst: oneOf(1, 1, 5),
  pods: fc.integer({ min: 1, max: 3 }),
  missing: oneOf(0, 0, 0.05),
  resets: oneOf(0, 0, 0.03),
  late: fc.boolean(),
  /** Slots at the end in which the old version has no traffic any more. */
  alone: oneOf(0, 0, 8),
  alpha: oneOf(0.01, 0.05),
  beta: oneOf(0.05, 0.2),
  tolerate: oneOf(1, 1, 1.25),
  warmUpSlots: oneOf(0, 0, 4),
  ignoreBelow: oneOf(0, 0.001, 0.01),
  sloMax: oneOf(0.01, 0.1),
  minRequests: oneOf(1, 50),
});

/** The same histories each time. */
export function histories(count: number): History[] {
  return fc.sample(outlines, { numRuns: count, seed: 20 }).map((drawn) => {
    // The expression's warm-up begins with the first count of the new version, the judge's with its first increment:
    // they are the same where every scrape is there.
    const outline = drawn.warmUpSlots === 0 ? drawn : { ...drawn, late: false, missing: 0 };
    const { pastSlots, releaseSlots, pods, scrapeSeconds, alpha, beta, tolerate, minRequests } = outline;
    const slots = pastSlots + releaseSlots;
    const chance = generator(outline.seed);
    const series = (["stable", "canary"] as const).flatMap((version) =>
      Array.from({ length: pods }, (_, pod) => podSeries(version, String(pod), outline, slots, chance)).flat(),
    );
    return {
      scrapeSeconds,
      slots,
      series,
      rule: {
        test: "sequential",
        alpha,
        beta,
        tolerate,
        minRequests,
        warmUpSeconds: outline.warmUpSlots * scrapeSeconds,
        historySeconds: slots * scrapeSeconds,
        errors: { ignoreBelow: outline.ignoreBelow, sloMax: outline.sloMax },
      },
    };
  });
}

type Outline = typeof outlines extends fc.Arbitrary<infer T> ? T : never;

function podSeries(
  version: "canary" | "stable",
  pod: string,
  outline: Outline,
  slots: number,
  chance: () => number,
): CounterHistory[] {
  const { pastSlots, releaseSlots, requestsPerSlot, pods, badRatio, effect, burst, missing, resets, alone } = outline;
  const good: (number | undefined)[] = [0];
  const bad: (number | undefined)[] = [0];
  let [goodTotal, badTotal] = [0, 0];
  // A copy that is scraped for the first time in the middle of it all.
  const bornAt = version === "canary" && outline.late ? pastSlots : -1;
  for (let slot = 0; slot < slots; slot++) {
    const weight = slot < pastSlots ? 0 : slot >= slots - alone ? 1 : 0.1 + (0.6 * (slot - pastSlots)) / releaseSlots;
    const share = version === "canary" ? weight : 1 - weight;
    const requests = Math.round(((requestsPerSlot * share) / pods) * (0.5 + chance()));
    const expected = (requests * badRatio * (version === "canary" ? effect : 1)) / burst;
    const whole = Math.floor(expected);
    const failed = Math.min(requests, burst * Math.round((whole + Number(chance() < expected - whole)) * 2 * chance()));
    if (chance() < resets) [goodTotal, badTotal] = [0, 0];
    badTotal += failed;
    goodTotal += requests - failed;
    const lost = slot <= bornAt || chance() < missing;
    good.push(lost ? undefined : goodTotal);
    bad.push(lost ? undefined : badTotal);
  }
  if (bornAt >= 0) good[0] = bad[0] = undefined;
  return [
    { version, pod, bad: false, values: good },
    { version, pod, bad: true, values: bad },
  ];
}

/** Numbers from 0 to 1 (Marsaglia 2003, "Xorshift RNGs", the 32-bit generator 13, 17, 5). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
