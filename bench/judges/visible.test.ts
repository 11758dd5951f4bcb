import { expect, test } from "vitest";
import { sequentialJudge } from "../../components/release/sequential/judge";
import { smallestVisibleToTest } from "../../components/release/sequential/visible";
import { usualRule } from "../../components/release/testing/sequential-rule";
import { Random } from "./random";

const SLOT_SECONDS = 15;
const HISTORY_SLOTS = 240;
const RELEASES = 400;

/** Share of releases in which one step takes back a version that fails so often. */
function foundIn(step: { weight: number; holdSeconds: number }, rps: number, old: number, ratio: number): number {
  const judge = sequentialJudge(usualRule, SLOT_SECONDS);
  const slots = HISTORY_SLOTS + step.holdSeconds / SLOT_SECONDS;
  let found = 0;
  for (let release = 0; release < RELEASES; release++) {
    const random = new Random(`${JSON.stringify(step)} ${rps} ${old} ${release}`);
    let state = judge.initial();
    for (let slot = 0; slot < slots; slot++) {
      const share = slot < HISTORY_SLOTS ? 0 : step.weight / 100;
      const requests = rps * SLOT_SECONDS;
      const fresh = random.poisson(requests * share * ratio);
      const before = random.poisson(requests * (1 - share) * old);
      const look = judge.look(state, {
        at: (slot + 1) * SLOT_SECONDS,
        new: { total: Math.max(fresh, Math.round(requests * share)), bad: fresh },
        old: { total: Math.max(before, Math.round(requests * (1 - share))), bad: before },
      });
      state = look.state;
      if (look.verdict.decision === "fail") {
        found += 1;
        break;
      }
    }
  }
  return found / RELEASES;
}

test.each([
  [10, 300, 20, 0.001],
  [25, 300, 20, 0.001],
  [10, 300, 100, 0.01],
  [50, 600, 5, 0.002],
  [5, 900, 300, 0.005],
])(
  "at %d percent for %d s, %d requests per second and a share of %d failing before, what is visible is found",
  (weight, holdSeconds, requestsPerSecond, oldErrorRatio) => {
    const step = { weight, holdSeconds };
    const ratio = smallestVisibleToTest(usualRule, { requestsPerSecond, oldErrorRatio }, step) ?? Number.NaN;
    const found = foundIn(step, requestsPerSecond, oldErrorRatio, ratio);
    expect(found).toBeGreaterThan(0.92);
    // Half the rise is found much less often, or the number says nothing.
    expect(foundIn(step, requestsPerSecond, oldErrorRatio, (ratio + oldErrorRatio) / 2)).toBeLessThan(0.75);
  },
);
