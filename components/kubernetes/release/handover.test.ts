import { expect, test } from "vitest";
import { giveServicesBack } from "./handover";
import { HASH_LABEL, type Rollout } from "./objects";

const byName = { "app.kubernetes.io/name": "shop" };
const byHash = { ...byName, [HASH_LABEL]: "one" };
const steps = [{ setWeight: 10 }, { pause: {} }];
const routed: Rollout["spec"]["strategy"] = {
  canary: {
    steps,
    stableService: "shop",
    canaryService: "shop-canary",
    trafficRouting: { traefik: { weightedTraefikServiceName: "shop" } },
  },
};

/** A cluster whose controller gives the Services back after a number of looks. */
function clusterWith(
  strategy: Rollout["spec"]["strategy"] | undefined,
  selector: object,
  looks = Number.NaN,
  others = 2,
) {
  const patches: unknown[] = [];
  let seen = 0;
  const cluster = {
    presentRollout: async () => strategy && ({ metadata: { name: "shop" }, spec: { strategy } } as Rollout),
    serviceSelectors: async () => {
      if (patches.length > 0) seen += 1;
      return [byName, seen > looks ? byName : selector] as Record<string, string>[];
    },
    countPods: async () => others,
    patchRollout: async (...args: unknown[]) => void patches.push(args),
  };
  return { cluster, patches, seen: () => seen };
}

test("a Rollout that goes names no Services any more, and keeps its steps, until the Services are free", async () => {
  const { cluster, patches, seen } = clusterWith(routed, byHash, 2);
  const lines: string[] = [];
  const startedAt = Date.now();
  await giveServicesBack(cluster, "store", "shop", (line) => lines.push(line), { routersMilliseconds: 300 });
  // Two looks, and then what routers need.
  expect(Date.now() - startedAt).toBeGreaterThan(2 * 250 + 290);
  const strategy = { canary: { stableService: null, canaryService: null, trafficRouting: null } };
  expect(patches).toEqual([["store", "shop", { spec: { strategy } }, false]]);
  expect({ lines, seen: seen() }).toEqual({ lines: [], seen: 3 });
});

test("blue-green cannot be without its Service: it becomes a canary that holds what is under way", async () => {
  const blueGreen = { activeService: "shop", previewService: "shop-preview", autoPromotionEnabled: true };
  const { cluster, patches } = clusterWith({ blueGreen }, byHash, 0);
  await giveServicesBack(cluster, "store", "shop", () => {}, { routersMilliseconds: 0 });
  const canary = { stableService: null, canaryService: null, trafficRouting: null };
  const strategy = { blueGreen: null, canary: { ...canary, steps: [{ setWeight: 0 }, { pause: {} }] } };
  expect(patches).toEqual([["store", "shop", { spec: { strategy } }, false]]);
});

test.each([
  ["there is no Rollout", undefined, byHash, 2],
  ["no Service belongs to it", { canary: { steps } }, byName, 2],
  ["no other pods are there", routed, byHash, 0],
] as const)("nothing is asked for where %s", async (_what, strategy, selector, others) => {
  const given = strategy as Rollout["spec"]["strategy"] | undefined;
  const { cluster, patches } = clusterWith(given, selector, Number.NaN, others);
  await giveServicesBack(cluster, "store", "shop", () => {});
  expect(patches).toEqual([]);
});

test("a controller that is not there does not stop the deletion, and is told of", async () => {
  const { cluster } = clusterWith(routed, byHash);
  const lines: string[] = [];
  await giveServicesBack(cluster, "store", "shop", (line) => lines.push(line), { patienceMilliseconds: 300 });
  expect(lines).toEqual([expect.stringContaining("is its controller there?")]);
});
