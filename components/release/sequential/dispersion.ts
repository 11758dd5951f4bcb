import { BLOCKS, PRIOR_BURST, SPELL_WEIGHT } from "./rule";

/** Sums over the complete blocks of one length. */
interface BlockSums {
  count: number;
  /** Sums of bad², bad × total and total² over the blocks. */
  badBad: number;
  badTotal: number;
  totalTotal: number;
  /** The block under way: its end in seconds, and what it holds. */
  end: number;
  bad: number;
  total: number;
}

/** How the old version's bad requests came so far. Plain JSON. */
export interface Dispersion {
  bad: number;
  total: number;
  /** One for each of BLOCKS. */
  blocks: BlockSums[];
}

/** Nothing was seen yet. */
export const noDispersion: Dispersion = {
  bad: 0,
  total: 0,
  blocks: BLOCKS.map(() => ({ count: 0, badBad: 0, badTotal: 0, totalTotal: 0, end: 0, bad: 0, total: 0 })),
};

/** Adds a slot of the old version. Blocks end at multiples of their length, as the steps of a PromQL subquery do. */
export function disperse(before: Dispersion, at: number, bad: number, total: number, slotSeconds: number): Dispersion {
  const blocks = before.blocks.map((sums, index) => {
    const length = slotSeconds * (BLOCKS[index] ?? 1);
    // Fractions of a second are not exact in binary.
    const end = Math.ceil(at / length - 1e-9) * length;
    const open = sums.end === end ? sums : { ...closed(sums), end };
    const next = { ...open, bad: open.bad + bad, total: open.total + total };
    return at < end - length * 1e-9 ? next : closed(next);
  });
  return { bad: before.bad + bad, total: before.total + total, blocks };
}

/** Moves the block under way into the sums. A block without requests tells nothing. */
function closed({ count, badBad, badTotal, totalTotal, end, bad, total }: BlockSums): BlockSums {
  return {
    count: count + Number(total > 0),
    badBad: badBad + bad * bad,
    badTotal: badTotal + bad * total,
    totalTotal: totalTotal + total * total,
    end,
    bad: 0,
    total: 0,
  };
}

/** By how much evidence must shrink because bad requests come together. 1: each comes by itself. */
export interface Inflation {
  /** Variance over mean of the bad requests in one slot, at least 1: bursts. Cautious while few were seen. */
  burst: number;
  /** The same for bursts and for spells that outlast a slot, at least `burst`. */
  all: number;
  /** Part of `burst` that is caution: it does not hinder the new version from passing. */
  caution: number;
}

/**
 * Inflation of the variance by over-dispersion (quasi-likelihood: McCullagh and Nelder 1989, "Generalized Linear
 * Models", section 9.2: evidence is divided by Pearson's X² over its degrees of freedom). Pearson's residuals are taken
 * against the requests of each block, so that changing load adds nothing. Blocks of several slots show spells that
 * outlast a slot; only what lies above their own noise counts, and that with SPELL_WEIGHT, since few spells fit into a
 * history and their number is uncertain.
 */
export function inflation({ bad, total, blocks }: Dispersion): Inflation {
  const ratio = bad / Math.max(1, total);
  const [burst = 1, ...longer] = blocks.map(({ badBad, badTotal, totalTotal }) => {
    const square = badBad - 2 * ratio * badTotal + ratio * ratio * totalTotal;
    return Math.max(1, (square + PRIOR_BURST * PRIOR_BURST) / (bad + PRIOR_BURST));
  });
  const spells = longer.map((found, index) => {
    const noise = Math.sqrt(2 / (blocks[index + 1]?.count ?? 0));
    return SPELL_WEIGHT * found - (SPELL_WEIGHT - 1 + SPELL_WEIGHT * noise) * burst;
  });
  const caution = (bad + PRIOR_BURST * PRIOR_BURST) / (bad + PRIOR_BURST);
  return { burst, all: Math.max(burst, ...spells), caution };
}
