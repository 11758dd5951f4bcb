import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Release } from "../../components/model/release";
import { TestGateway } from "./gateway";
import { api, Delivery, eventually, hello, POD_COUNTERS, pause, QUICK_CANARY } from "./harness";

const PASSWORD = "hunter2-of-the-pods";
const rolling: Release = { rolling: { minReady: "1s" } };
/** Needs no Rollout. */
const plain: Release = { ...rolling, onFailure: "pause" };
/** Pods that end serve on for as long as they do for users. */
const shop = (version: string) => hello(version, {}, { stopDelay: "5s" });
let gateway: TestGateway;
let delivery: Delivery;

beforeAll(async () => {
  gateway = await TestGateway.create();
  delivery = await Delivery.create((namespace) => ({
    hello: {
      service: shop("1.0.0"),
      release: plain,
      router: "gatewayApi",
      gateway: { name: "public", namespace: gateway.namespace },
      hosts: [`hello.${namespace}`],
      counters: POD_COUNTERS,
    },
  }));
  delivery.url = gateway.url;
  await delivery.engine.setConfig("secrets", JSON.stringify(["token"]));
  await delivery.engine.setConfig("token", PASSWORD, true);
  await delivery.engine.up();
});
afterAll(async () => {
  await delivery?.[Symbol.asyncDispose]();
  await gateway?.[Symbol.asyncDispose]();
});

/** Names of the configurations and secrets of the service, as they are in the cluster. */
async function configs(): Promise<string[]> {
  const query = { namespace: delivery.namespace, labelSelector: "headgate.dev/service=hello" };
  const lists = await Promise.all([api.core.listNamespacedConfigMap(query), api.core.listNamespacedSecret(query)]);
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name ?? ""));
}

/** Has every pod made anew: each mounts what its workload names. */
async function startAgain(): Promise<void> {
  const labelSelector = "app.kubernetes.io/name=hello";
  await api.core.deleteCollectionNamespacedPod({ namespace: delivery.namespace, labelSelector });
  await delivery.ready("hello", 2);
}

test("What only the cluster's owner may know is nowhere in the state in plain", () => {
  const kubeconfig = readFileSync(process.env["HEADGATE_TEST_KUBECONFIG"] ?? "", "utf8");
  const [, key = kubeconfig] = /(?:client-key-data|token): (\S+)/.exec(kubeconfig) ?? [];
  const state = delivery.engine.stateText();
  for (const secret of [key, PASSWORD, Buffer.from(PASSWORD).toString("base64")]) {
    expect(state.includes(secret)).toBe(false);
  }
});

test("A Deployment becomes a Rollout, and the new pods keep what they mount", async () => {
  await delivery.say({ hello: { release: rolling } });
  await delivery.engine.up();
  expect((await delivery.rollout("hello")).status?.phase).toBe("Healthy");
  await startAgain();
  expect(await delivery.askInside("hello")).toBe("1.0.0");
  expect(await configs()).toHaveLength(2);
  await delivery.engine.preview({ expectNoChanges: true });
});

test("Who goes back to a configuration that was kept may have given other labels since", async () => {
  for (const [version, owner] of [
    ["1.1.0", "shop"],
    ["1.2.0", "shop"],
    ["1.1.0", "desk"],
  ] as const) {
    await delivery.say({ hello: { service: shop(version), labels: { owner } } });
    await delivery.engine.up();
  }
  await startAgain();
  expect(await delivery.askInside("hello")).toBe("1.1.0");
});

test("Steps for a Rollout that had none, and then a Deployment: no request is lost, and nothing is left", async () => {
  // The pods of the test before are new to the router.
  await eventually(30, "the router knows the pods", async () =>
    (await delivery.versionsSeen("hello", 20))["1.1.0"] === 20 ? true : undefined,
  );
  const load = delivery.load("hello");
  await delivery.say({ hello: { release: QUICK_CANARY } });
  await delivery.engine.up();
  await delivery.say({ hello: { service: shop("1.2.0"), release: plain } });
  await delivery.engine.up();
  await pause(5);
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(await delivery.versionsSeen("hello", 20)).toEqual({ "1.2.0": 20 });
  await startAgain();
  expect(await delivery.askInside("hello")).toBe("1.2.0");
  expect(await configs()).toHaveLength(2);
  await delivery.engine.preview({ expectNoChanges: true });
});
