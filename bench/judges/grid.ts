/** How bad requests come, beside their mean. */
export const KINDS = [
  "independent",
  "bursts of 2",
  "bursts of 5",
  "diurnal",
  "incident",
  "cold start",
  "pod-correlated",
] as const;
export type Kind = (typeof KINDS)[number];

export const RATES = [0.05, 1, 10, 100, 1000] as const;
export const RATIOS = [0.0001, 0.001, 0.01, 0.05] as const;
export const THETAS = [0.5, 1, 1.25, 1.5, 2, 5] as const;

/** One kind of release that is simulated again and again. */
export interface Cell {
  kind: Kind;
  /** Requests of the whole service per second. */
  requestsPerSecond: number;
  /** Share of the old version's requests that fail, 0 to 1. */
  errorRatio: number;
  /** The new version fails so many times as often. */
  theta: number;
}

export const SLOT_SECONDS = 15;
/** Steps of a release: share of the new version, and slots at it. */
export const STEPS = [
  { share: 0.1, slots: 20 },
  { share: 0.25, slots: 20 },
  { share: 0.5, slots: 20 },
  { share: 0.75, slots: 20 },
] as const;
export const SLOTS = STEPS.reduce((sum, { slots }) => sum + slots, 0);
export const RELEASE_SECONDS = SLOTS * SLOT_SECONDS;
/** The old version alone, before the release. */
export const HISTORY_SLOTS = 240;
export const COLD_START_SECONDS = 60;

/** Share of the new version in each slot of a release. */
export const SHARES: readonly number[] = STEPS.flatMap(({ share, slots }) => Array<number>(slots).fill(share));

/** Name of a cell: "rps=100 p=0.01 theta=2 kind=independent". Its random numbers depend on it. */
export function nameOf({ requestsPerSecond, errorRatio, theta, kind }: Cell): string {
  return `rps=${requestsPerSecond} p=${errorRatio} theta=${theta} kind=${kind}`;
}

/** All cells, simplest kind first. */
export const CELLS: readonly Cell[] = KINDS.flatMap((kind) =>
  RATES.flatMap((requestsPerSecond) =>
    RATIOS.flatMap((errorRatio) => THETAS.map((theta) => ({ kind, requestsPerSecond, errorRatio, theta }))),
  ),
);

/** Time at which judges begin, in seconds after the new version's first slot. */
export const waitOf = ({ kind }: Cell): number => (kind === "cold start" ? COLD_START_SECONDS : 0);
