import { type LoadSample, NO_VERSION, sumOf } from "./load";
import type { ShownRelease } from "./shown-release";

/** One version over time; each number is per bin. */
export interface VersionSeries {
  version: string;
  colour: string;
  /** Share of all answers, 0 to 1. */
  share: number[];
  perSecond: number[];
  failedPerSecond: number[];
}

/** The samples in at most `bins` equal slots of whole seconds. */
export interface Series {
  /** Edges of the slots in seconds since the load began, one more than slots. */
  edges: number[];
  /** Newest version first; answers without a version last. */
  versions: VersionSeries[];
  /** Requests without an answer, per second. */
  errorsPerSecond: number[];
}

const PROMOTED = ["#16a34a", "#0d9488", "#65a30d"];
const TAKEN_BACK = ["#dc2626", "#ea580c", "#be185d"];
const FIRST = "#7c93b2";
export const NOBODY = "#d97706";

export function seriesOf(samples: readonly LoadSample[], releases: readonly ShownRelease[], bins: number): Series {
  const slotSeconds = Math.max(1, Math.ceil(samples.length / bins));
  const slots: LoadSample[][] = [];
  for (let index = 0; index < samples.length; index += slotSeconds) {
    slots.push(samples.slice(index, index + slotSeconds));
  }
  const sums = slots.map((slot) => ({ seconds: slot.length, ...sumOf(slot) }));
  const seen = new Set(sums.flatMap(({ byVersion }) => Object.keys(byVersion)));
  const released = releases.map(({ version }) => version).reverse();
  const others = [...seen].filter((version) => version !== NO_VERSION && !released.includes(version)).sort();
  const order = [...new Set(released), ...others.reverse(), ...(seen.has(NO_VERSION) ? [NO_VERSION] : [])];
  const colours = coloursOf(releases);
  return {
    edges: [0, ...slots.map((_, index) => Math.min((index + 1) * slotSeconds, samples.length))],
    versions: order.map((version) => ({
      version,
      colour: version === NO_VERSION ? NOBODY : (colours.get(version) ?? FIRST),
      share: sums.map(({ ok, failed, byVersion }) => answersOf(byVersion[version]) / Math.max(1, ok + failed)),
      perSecond: sums.map(({ seconds, byVersion }) => answersOf(byVersion[version]) / seconds),
      failedPerSecond: sums.map(({ seconds, byVersion }) => (byVersion[version]?.failed ?? 0) / seconds),
    })),
    errorsPerSecond: sums.map(({ seconds, errors }) => errors / seconds),
  };
}

function answersOf(counts: { ok: number; failed: number } | undefined): number {
  return counts === undefined ? 0 : counts.ok + counts.failed;
}

/** Green for what was promoted, red for what was taken back. */
function coloursOf(releases: readonly ShownRelease[]): Map<string, string> {
  const colours = new Map<string, string>();
  let good = 0;
  let bad = 0;
  for (const { version, state } of releases) {
    const colour =
      state.outcome === "rolledBack" ? TAKEN_BACK[bad++ % TAKEN_BACK.length] : PROMOTED[good++ % PROMOTED.length];
    if (colour !== undefined) colours.set(version, colour);
  }
  return colours;
}
