/** A release to make up: rates per second and shares of the requests. */
export interface Scenario {
  requestsPerSecond: number;
  /** Share of the old version's requests that fail. */
  errors: number;
  /** How many times as often the new version fails, by seconds since its first request. */
  ratio: (seconds: number) => number;
  /** The same for both versions, by seconds since the first scrape. */
  incident?: (seconds: number) => number;
  /** Requests that fail together. */
  burst?: number;
}

const SCRAPE_SECONDS = 30;
const HISTORY_SCRAPES = 60;
const WEIGHTS = [10, 25, 50, 75];
const STEP_SCRAPES = 10;

/** The made-up releases of examples/judge. */
export const scenarios: Record<string, Scenario> = {
  "good-usual": { requestsPerSecond: 20, errors: 0.005, ratio: () => 1 },
  "good-better": { requestsPerSecond: 20, errors: 0.01, ratio: () => 0.5 },
  "good-incident": {
    requestsPerSecond: 20,
    errors: 0.005,
    ratio: () => 1,
    incident: (seconds) => (seconds > 2000 && seconds <= 2300 ? 6 : 1),
  },
  "good-bursts": { requestsPerSecond: 20, errors: 0.005, ratio: () => 1, burst: 6 },
  "good-quiet": { requestsPerSecond: 0.2, errors: 0.005, ratio: () => 1 },
  "bad-tripled": { requestsPerSecond: 20, errors: 0.005, ratio: () => 3 },
  "bad-later": { requestsPerSecond: 20, errors: 0.005, ratio: (seconds) => (seconds <= 500 ? 1 : 5) },
  "bad-broken": { requestsPerSecond: 20, errors: 0.005, ratio: () => 80 },
};

/** A recording of a scenario as CSV; the same seed gives the same. */
export function simulate({ requestsPerSecond, errors, ratio, incident, burst = 1 }: Scenario, seed: number): string {
  const random = generator(seed);
  const sums = { canary_total: 0, canary_bad: 0, stable_total: 0, stable_bad: 0 };
  const rows = ["t,canary_total,canary_bad,stable_total,stable_bad", "0,0,0,0,0"];
  for (let scrape = 1; scrape <= HISTORY_SCRAPES + WEIGHTS.length * STEP_SCRAPES; scrape++) {
    const since = scrape - HISTORY_SCRAPES;
    const share = since <= 0 ? 0 : (WEIGHTS[Math.floor((since - 1) / STEP_SCRAPES)] ?? 100) / 100;
    const t = scrape * SCRAPE_SECONDS;
    const usual = Math.min(1, errors * (incident?.(t) ?? 1));
    const add = (arm: "canary" | "stable", part: number, chance: number) => {
      const total = poisson(random, requestsPerSecond * SCRAPE_SECONDS * part);
      sums[`${arm}_total`] += total;
      sums[`${arm}_bad`] += Math.min(total, burst * poisson(random, (total * Math.min(1, chance)) / burst));
    };
    add("canary", share, usual * ratio(since * SCRAPE_SECONDS));
    add("stable", 1 - share, usual);
    rows.push([t, sums.canary_total, sums.canary_bad, sums.stable_total, sums.stable_bad].join(","));
  }
  return `${rows.join("\n")}\n`;
}

/** Numbers from 0 and below 1: a linear congruential generator with Knuth's constants for 64 bits. */
function generator(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 11n) / 2 ** 53;
  };
}

/** Events that come one by one, `mean` of them on average: counted by the times between them. */
function poisson(random: () => number, mean: number): number {
  let events = 0;
  let passed = -Math.log1p(-random());
  while (passed < mean) {
    events += 1;
    passed -= Math.log1p(-random());
  }
  return events;
}
