import { afterAll, beforeAll, expect, test } from "vitest";
import { api, Delivery, hello, PROMISES, QUICK_CANARY } from "./harness";

let delivery: Delivery;

beforeAll(async () => {
  const common = { release: QUICK_CANARY, objectives: PROMISES };
  delivery = await Delivery.create((namespace) => ({
    shop: { ...common, service: hello("1.0.0"), hosts: [`shop.${namespace}`] },
    desk: {
      ...common,
      service: hello("1.0.0", {}, { replicas: { min: 1, max: 3, targetCpuPercent: 70 } }),
      hosts: [`desk.${namespace}`],
    },
  }));
  await delivery.engine.up();
});
afterAll(async () => {
  await delivery?.[Symbol.asyncDispose]();
});

test("Every object is what a strict API server accepts, in a namespace that enforces the restricted profile", async () => {
  const { metadata } = await api.core.readNamespace({ name: delivery.namespace });
  expect(metadata?.labels?.["pod-security.kubernetes.io/enforce"]).toBe("restricted");
  const { items } = await api.core.listNamespacedPod({ namespace: delivery.namespace });
  expect(items.map(({ status }) => status?.phase)).toEqual(items.map(() => "Running"));
});

test("What others own stays theirs: copies of an autoscaler, fields of other managers", async () => {
  await delivery.patch("desk", { spec: { replicas: 2 } }, "kube-controller-manager");
  await delivery.patch("desk", { metadata: { annotations: { "example.com/owner": "someone" } } });
  const { changes } = await delivery.engine.up({ expectNoChanges: true });
  expect(Object.keys(changes)).toEqual(["same"]);
  const rollout = await delivery.rollout("desk");
  expect(rollout.spec.replicas).toBe(2);
  expect(rollout.metadata.annotations?.["example.com/owner"]).toBe("someone");
});

test("Two services release at once, and the bad one does not touch the good one", async () => {
  await delivery.say({ shop: { service: hello("1.1.0") }, desk: { service: hello("1.1.0", { ERROR_RATE: "0.3" }) } });
  const loads = [delivery.load("shop", 60), delivery.load("desk", 60)] as const;
  const failure = await delivery.engine.up().catch((error: unknown) => error);
  const [shop] = await Promise.all(loads.map((load) => load.stop()));
  expect(String(failure)).toMatch(/KubernetesService "desk": .* was taken back/s);
  expect(String(failure)).not.toMatch(/KubernetesService "shop": .* was taken back/s);
  expect(shop).toMatchObject({ failed: 0, errors: 0 });
  expect(await delivery.versionsSeen("shop", 20)).toEqual({ "1.1.0": 20 });
  expect(await delivery.versionsSeen("desk", 20)).toEqual({ "1.0.0": 20 });
});

test("An autoscaler takes over the copies there are, and gives them back", async () => {
  const scaled = hello("1.1.0", {}, { replicas: { min: 1, max: 3, targetCpuPercent: 70 } });
  const fixed = hello("1.0.0", {}, { replicas: { count: 3 } });
  await delivery.say({ shop: { service: scaled }, desk: { service: fixed } });
  const load = delivery.load("shop");
  await delivery.engine.up().finally(() => load.stop());
  // Nothing measures the load here, so that the autoscaler has no reason to change their number.
  expect((await delivery.rollout("shop")).spec.replicas).toBe(2);
  await delivery.ready("shop", 2);
  expect((await delivery.rollout("desk")).spec.replicas).toBe(3);
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0 });
  await delivery.engine.preview({ expectNoChanges: true });
  // What a person set is not taken from them without a word.
  await delivery.patch("desk", { spec: { replicas: 1 } });
  await delivery.say({ desk: { service: hello("1.0.0", {}, { replicas: { count: 2 } }) } });
  await expect(delivery.engine.up()).rejects.toThrow(/spec\.replicas.*somebody|somebody.*spec\.replicas/s);
});
