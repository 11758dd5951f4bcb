/** From where on a kind of bad request counts against the new version, and up to where it is surely well. */
export interface BadLimits {
  /** Share of the requests, 0 to 1, up to which the new version never fails, however much worse it is than the old. */
  ignoreBelow: number;
  /** Share of the requests, above 0 and below 1, that the new version passes by staying surely below. */
  sloMax: number;
}

/** The sequential test with every default filled in. */
export interface SequentialRule {
  test: "sequential";
  /** Chance, above 0 and below 1, with which a version as good as the old one is ever taken back. */
  alpha: number;
  /** Chance, above 0 and below 1, with which a version that fails twice as often passes at a look. */
  beta: number;
  /** Times the old version's share of bad requests that are still accepted, at least 1. */
  tolerate: number;
  /** Time after its first request in which the new version is not judged. */
  warmUpSeconds: number;
  /** Time before the release whose requests tell how much the old version's errors come in bursts. */
  historySeconds: number;
  /** Requests the new version must have answered before a gate opens that waits for no verdict. */
  minRequests: number;
  errors: BadLimits;
  /** Present with a latency objective: requests slower than it. */
  slow?: BadLimits;
}

/**
 * Effects the evidence is a mixture over, as multiples of what is tolerated: together they see a regression of any
 * size, each one nearly as well as if its size had been known. (Robbins 1970, "Statistical methods related to the law
 * of the iterated logarithm", section 4: mixtures of likelihood ratios.)
 */
export const EFFECTS = [1.2, 1.5, 2, 4, 10] as const;
/** Their weights. A doubling has the most: it is what one wants to know soonest. */
export const WEIGHTS = [0.1, 0.2, 0.35, 0.2, 0.15] as const;
/** The effect of EFFECTS that a version must surely be below to pass: a doubling. */
export const DETECTED = 2;
/**
 * Part of alpha that is used. The rest pays for the inflation being an estimate: with errors in spells of a minute the
 * quasi-likelihood is that much too sure. Found by simulation: bench/judges.
 */
export const USED_ALPHA = 0.8;
/** A version passes by its own share of bad requests when ten times fewer fit better: Λ of sloMax against sloMax/10. */
export const PASS_FACTOR = 10;
/** Slots that one block of the dispersion spans: a single one, and what spells of some minutes fill. */
export const BLOCKS = [1, 10] as const;
/** Size of a burst, in requests, that is assumed until the old version's errors show another one. */
export const PRIOR_BURST = 4;
/** How much an inflation over longer blocks counts beyond its own noise. Found by simulation: bench/judges. */
export const SPELL_WEIGHT = 4;
/** Beside no old version a comparison is with another time and another load: so much more is tolerated then. */
export const ALONE_FACTOR = 2;
/** Scrapes in a row that may be missing before what came between is not judged, as on a Docker host. */
export const MISSING_SCRAPES = 3;
/** Less evidence than this is none: the weights of a mixture add up to 1 but for the last digit. */
export const LEAST_EVIDENCE = 1e-9;
/** e to a power above this is no number any more. */
export const LARGEST_EXPONENT = 700;
