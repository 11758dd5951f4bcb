import { type Cell, COLD_START_SECONDS, HISTORY_SLOTS, type Kind, SHARES, SLOT_SECONDS, SLOTS } from "./grid";
import type { Random } from "./random";

/** One simulated release: requests in each slot, and the bad ones among them. */
export interface Release {
  /** Start of the first slot of the history, in seconds, a multiple of SLOT_SECONDS. */
  startsAt: number;
  /** The old version before the release, then during it: HISTORY_SLOTS + SLOTS. */
  oldTotal: Float64Array;
  oldBad: Float64Array;
  /** The new version during the release: SLOTS. */
  newTotal: Float64Array;
  newBad: Float64Array;
}

const DAY_SECONDS = 86_400;
const INCIDENT = { factor: 5, slots: 20 };
const COLD_START_FACTOR = 3;
const PODS = 20;
/** A pod fails so many times as often in its spells, which fill this share of time and last so many slots in the mean. */
const SPELL = { factor: 10, share: 0.05, slots: 4 };
const BURST: Partial<Record<Kind, number>> = { "bursts of 2": 2, "bursts of 5": 5 };
/** Any time will do; where the blocks of the dispersion begin is drawn with each release. */
const EPOCH_SECONDS = 1_700_000_100;
const START_SLOTS = 20;

/** Room for one release, to be used again and again. */
export function emptyRelease(): Release {
  return {
    startsAt: 0,
    oldTotal: new Float64Array(HISTORY_SLOTS + SLOTS),
    oldBad: new Float64Array(HISTORY_SLOTS + SLOTS),
    newTotal: new Float64Array(SLOTS),
    newBad: new Float64Array(SLOTS),
  };
}

/**
 * Draws a release into `release`. Good and bad requests are independent Poisson numbers, which is the same as a Poisson
 * number of requests of which each fails by itself. In bursts, the number of bursts is Poisson and their sizes are
 * geometric; each falls in one slot and one version.
 */
export function simulate(cell: Cell, random: Random, release: Release): void {
  const { kind, requestsPerSecond, errorRatio, theta } = cell;
  const burst = BURST[kind] ?? 1;
  const perSlot = requestsPerSecond * SLOT_SECONDS;
  release.startsAt = EPOCH_SECONDS + random.below(START_SLOTS) * SLOT_SECONDS;
  const phase = random.uniform();
  const incidentFrom = kind === "incident" ? random.below(SLOTS - INCIDENT.slots + 1) : Number.POSITIVE_INFINITY;
  const pods = kind === "pod-correlated" ? drawSpells(random) : undefined;
  for (let index = 0; index < HISTORY_SLOTS + SLOTS; index++) {
    const slot = index - HISTORY_SLOTS;
    const share = SHARES[slot] ?? 0;
    const day = (index * SLOT_SECONDS) / DAY_SECONDS;
    const load = kind === "diurnal" ? perSlot * (1 + 0.5 * Math.sin(2 * Math.PI * (day + phase))) : perSlot;
    const both = slot >= incidentFrom && slot < incidentFrom + INCIDENT.slots ? INCIDENT.factor : 1;
    const cold = kind === "cold start" && slot * SLOT_SECONDS < COLD_START_SECONDS ? COLD_START_FACTOR : 1;
    const newPods = Math.round(share * PODS);
    const oldRatio = pods ? podRatio(errorRatio, pods, index, newPods, PODS) : Math.min(1, errorRatio * both);
    const oldBad = random.geometricSum(random.poisson((load * (1 - share) * oldRatio) / burst), burst);
    release.oldBad[index] = oldBad;
    release.oldTotal[index] = oldBad + random.poisson(load * (1 - share) * (1 - oldRatio));
    if (slot < 0) continue;
    const ratio = errorRatio * theta;
    const newRatio = pods ? podRatio(ratio, pods, index, 0, newPods) : Math.min(1, ratio * both * cold);
    const newBad = random.geometricSum(random.poisson((load * share * newRatio) / burst), burst);
    release.newBad[slot] = newBad;
    release.newTotal[slot] = newBad + random.poisson(load * share * (1 - newRatio));
  }
}

/** Whether each pod is in a bad spell: pod × (HISTORY_SLOTS + SLOTS) + slot. The new version owns the first pods. */
function drawSpells(random: Random): Uint8Array {
  const slots = HISTORY_SLOTS + SLOTS;
  const spells = new Uint8Array(PODS * slots);
  const goodSlots = (SPELL.slots * (1 - SPELL.share)) / SPELL.share;
  for (let pod = 0; pod < PODS; pod++) {
    // Geometric lengths have no memory: the first ones are as any other.
    let bad = random.uniform() < SPELL.share;
    for (let slot = 0; slot < slots; bad = !bad) {
      const end = Math.min(slots, slot + random.geometric(bad ? SPELL.slots : goodSlots));
      if (bad) spells.fill(1, pod * slots + slot, pod * slots + end);
      slot = end;
    }
  }
  return spells;
}

/** Error ratio of some pods that share their requests evenly, when the long-run mean of each is `mean`. */
function podRatio(mean: number, spells: Uint8Array, slot: number, from: number, to: number): number {
  const good = mean / (1 + SPELL.share * (SPELL.factor - 1));
  let bad = 0;
  for (let pod = from; pod < to; pod++) bad += spells[pod * (HISTORY_SLOTS + SLOTS) + slot] ?? 0;
  const count = to - from;
  return ((count - bad) * Math.min(1, good) + bad * Math.min(1, good * SPELL.factor)) / count;
}
