import { expect, test } from "vitest";
import { isBack, weightOf } from "./facts";
import { HASH_LABEL, type ReplicaSet, type Rollout, type RolloutStatus, type Snapshot } from "./objects";

const replicaSet = (hash: string, replicas: number, available: number): ReplicaSet => ({
  metadata: { name: hash, labels: { [HASH_LABEL]: hash } },
  status: { replicas, availableReplicas: available },
});
const snapshot = (...replicaSets: ReplicaSet[]): Snapshot => ({ at: 0, replicaSets, pods: [], runs: [], events: [] });
const rollout = (strategy: Rollout["spec"]["strategy"], status: RolloutStatus = {}): Rollout => ({
  metadata: { name: "shop" },
  spec: { replicas: 4, strategy },
  status: { stableRS: "old", ...status },
});
const weights = (weight: number) => ({ canary: { weights: { canary: { weight }, stable: { weight: 0 } } } });
const routing = { trafficRouting: { nginx: { stableIngress: "shop" }, maxTrafficWeight: 1000 } };

test("without a router the old version is back when its pods are, and no new one is left", () => {
  const plain = rollout({ canary: {} });
  expect(isBack(snapshot(replicaSet("old", 4, 4), replicaSet("new", 0, 0)), plain, "new")).toBe(true);
  expect(isBack(snapshot(replicaSet("old", 4, 3), replicaSet("new", 0, 0)), plain, "new")).toBe(false);
  expect(isBack(snapshot(replicaSet("old", 4, 4), replicaSet("new", 1, 1)), plain, "new")).toBe(false);
});

test("with a router, and with blue-green, it is back when the traffic is", () => {
  const pods = snapshot(replicaSet("old", 4, 1), replicaSet("new", 4, 4));
  expect(isBack(pods, rollout({ canary: routing }, weights(0)), "new")).toBe(true);
  expect(isBack(pods, rollout({ canary: routing }, weights(5)), "new")).toBe(false);
  const blueGreen = { activeService: "shop", previewService: "shop-preview", autoPromotionEnabled: true };
  expect(isBack(pods, rollout({ blueGreen }, { blueGreen: { activeSelector: "old" } }), "new")).toBe(true);
  expect(isBack(pods, rollout({ blueGreen }, { blueGreen: { activeSelector: "new" } }), "new")).toBe(false);
});

test("the share is the router's, or that of the pods that answer", () => {
  const pods = snapshot(replicaSet("old", 4, 3), replicaSet("new", 1, 1));
  expect(weightOf(pods, rollout({ canary: routing }, weights(25)), "new")).toBe(2.5);
  expect(weightOf(pods, rollout({ canary: {} }), "new")).toBe(25);
  expect(weightOf(pods, rollout({ canary: routing }, { ...weights(25), stableRS: "new" }), "new")).toBe(100);
});
