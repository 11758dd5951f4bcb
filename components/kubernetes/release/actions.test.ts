import { describe, expect, test } from "vitest";
import { type Action, patchesFor } from "./actions";
import type { Rollout, RolloutStatus } from "./objects";
import { decisionOf } from "./reason";

const under = { currentPodHash: "b", stableRS: "a" };
const canary = { canary: { steps: [{ setWeight: 10 }, { pause: {} }, { setWeight: 50 }] } };
function rollout(status: RolloutStatus, spec: Partial<Rollout["spec"]> = {}): Rollout {
  return { metadata: { name: "shop" }, spec: { strategy: canary, ...spec }, status };
}
const said = { by: "alice", at: 1_700_000_000, full: false };
const statusOf = (action: Action, made: Rollout, full = false) => {
  const patches = patchesFor(action, made, { ...said, full });
  return typeof patches === "string" ? patches : patches.status;
};
const specOf = (action: Action, made: Rollout, full = false) => {
  const patches = patchesFor(action, made, { ...said, full });
  return typeof patches === "string" ? patches : (patches.spec as { spec?: object }).spec;
};

describe("promote", () => {
  test("opens a pause", () => {
    const paused = rollout({
      ...under,
      currentStepIndex: 1,
      pauseConditions: [{ reason: "CanaryPauseStep", startTime: "" }],
    });
    expect(statusOf("promote", paused)).toEqual({ status: { pauseConditions: null } });
  });
  test("goes on behind a step that waits for something else", () => {
    expect(statusOf("promote", rollout({ ...under, currentStepIndex: 0 }))).toEqual({
      status: { pauseConditions: null, currentStepIndex: 1 },
    });
  });
  test("goes on behind an analysis that is undecided", () => {
    const status: RolloutStatus = {
      ...under,
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: "InconclusiveAnalysisRun", startTime: "" }],
      canary: { currentStepAnalysisRunStatus: { name: "shop-1", status: "Inconclusive" } },
    };
    expect(statusOf("promote", rollout(status))).toEqual({
      status: { controllerPause: false, currentStepIndex: 2, pauseConditions: null },
    });
  });
  test("lets go of what somebody paused, and nothing more", () => {
    const held = rollout(under, { paused: true });
    expect(specOf("promote", held)).toEqual({ paused: false });
    expect(statusOf("promote", held)).toBeUndefined();
  });
  test("with full skips all that is left", () => {
    expect(statusOf("promote", rollout(under, { paused: true }), true)).toEqual({ status: { promoteFull: true } });
    expect(specOf("promote", rollout(under, { paused: true }), true)).toEqual({ paused: false });
  });
  test("of a blue-green release that waits for nobody says so", () => {
    const strategy = { blueGreen: { activeService: "shop", previewService: "p", autoPromotionEnabled: true } };
    expect(statusOf("promote", rollout(under, { strategy }))).toContain("--full");
  });
});

test("abort, pause and retry change what Argo reads", () => {
  expect(statusOf("abort", rollout(under))).toEqual({ status: { abort: true } });
  expect(specOf("abort", rollout(under, { paused: true }))).toEqual({ paused: false });
  expect(specOf("pause", rollout(under))).toEqual({ paused: true });
  expect(specOf("retry", rollout({ ...under, abort: true }))).toEqual({
    paused: false,
    template: { metadata: { annotations: { "headgate.dev/retried-at": "2023-11-14T22:13:20.000Z" } } },
  });
});

test("who decided is kept on the Rollout", () => {
  const patches = patchesFor("abort", rollout(under), said);
  if (typeof patches === "string") throw new Error(patches);
  const { metadata } = patches.spec as { metadata: object };
  expect(decisionOf({ ...rollout(under), metadata: { name: "shop", ...metadata } })).toEqual({
    action: "abort",
    by: "alice",
    at: said.at,
    hash: "b",
  });
});

test.each<[Action, RolloutStatus, Partial<Rollout["spec"]>, string]>([
  ["promote", { currentPodHash: "a", stableRS: "a" }, {}, "no release under way"],
  ["abort", { ...under, abort: true }, {}, "no release under way"],
  ["abort", { currentPodHash: "a", stableRS: "" }, {}, "no earlier version"],
  ["pause", under, { paused: true }, "paused already"],
  ["retry", under, {}, "was not taken back"],
])("%s is refused when it makes no sense", (action, status, spec, expected) => {
  expect(patchesFor(action, rollout(status, spec), said)).toContain(expected);
});
