import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../../model/canonical";
import { digestOf, type ReleaseInputs, releaseKey } from "./inputs";

const inputs: ReleaseInputs = {
  engine: "",
  stack: "s",
  prefix: "p",
  network: "n",
  guard: "g",
  service: "shop",
  image: `127.0.0.1:5000/p/shop@sha256:${"a".repeat(64)}`,
  copies: 2,
  container: {
    port: 8080,
    command: [],
    env: { A: "1", B: "2" },
    cpus: 0.5,
    memoryBytes: 1,
    stopTimeoutSeconds: 1,
    user: "1000:1000",
    pidsLimit: 1,
    scratch: {},
  },
  secretVariables: [],
  secrets: { TOKEN: "hunter2" },
  registration: {
    hosts: [],
    readinessPath: "/",
    probeIntervalSeconds: 1,
    probeTimeoutSeconds: 1,
    healthyAfter: 1,
    unhealthyAfter: 1,
    objectives: {},
  },
  plan: {
    strategy: "immediate",
    steps: [],
    bakeSeconds: 0,
    progressDeadlineSeconds: 1,
    startTimeoutSeconds: 1,
    drainSeconds: 1,
    rule: { maxErrorRatio: 1, maxTimesOld: 1, minRequests: 1, consecutiveLooks: 1, windowSeconds: 1 },
    onUndecided: "wait",
    onNoData: "wait",
  },
  freeze: {},
  emergency: "",
  retry: 0,
  onBusy: "wait",
  keepImages: 3,
};

test("The key follows what runs: digest, copies, settings and secrets", () => {
  const key = releaseKey(inputs, "salt");
  expect(releaseKey({ ...inputs, image: `x@sha256:${"b".repeat(64)}` }, "salt")).not.toBe(key);
  expect(releaseKey({ ...inputs, copies: 3 }, "salt")).not.toBe(key);
  expect(releaseKey({ ...inputs, secrets: { TOKEN: "hunter3" } }, "salt")).not.toBe(key);
  expect(releaseKey({ ...inputs, container: { ...inputs.container, env: { A: "1" } } }, "salt")).not.toBe(key);
});

test("The key does not follow how it is released, nor the order of keys", () => {
  const key = releaseKey(inputs, "salt");
  expect(releaseKey({ ...inputs, retry: 5, plan: { ...inputs.plan, bakeSeconds: 9 } }, "salt")).toBe(key);
  expect(releaseKey({ ...inputs, container: { ...inputs.container, env: { B: "2", A: "1" } } }, "salt")).toBe(key);
});

test("A guess at a secret cannot be checked without the guard's own salt", () => {
  expect(releaseKey(inputs, "salt")).not.toBe(releaseKey(inputs, "other salt"));
});

test("A reference without digest has none", () => {
  expect(digestOf(inputs.image)).toBe(`sha256:${"a".repeat(64)}`);
  expect(() => digestOf("shop:latest")).toThrow("by digest (got shop:latest)");
});

test("Canonical JSON is the same for equal values and reads back as them", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const shuffled = Object.fromEntries(Object.entries(value).reverse());
      expect(canonical(shuffled)).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 2000 },
  );
});
