import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../object";
import { NotReadyError, untilReady } from "./await";
import { parseJsonPath } from "./json-path";
import { deletionText } from "./others";
import { podProblems } from "./pods";
import { READY, type ReadinessRule, type Surroundings, waiting } from "./readiness";
import { ruleOf } from "./rules";
import { waitForRule } from "./wait-for";

const NOTHING: Surroundings = { get: async () => undefined, list: async () => [] };

function object(kind: string, fields: Record<string, unknown>, apiVersion = "v1"): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop", generation: 2, uid: "u" }, ...fields };
}

function around(objects: Record<string, KubernetesObject[]>): Surroundings {
  return {
    get: async (_, kind, __, name) => objects[kind]?.find(({ metadata }) => metadata.name === name),
    list: async (_, kind) => objects[kind] ?? [],
  };
}

async function look(subject: KubernetesObject, others: Surroundings = NOTHING): Promise<string> {
  const { state, message } = (await ruleOf(subject.apiVersion, subject.kind)?.check(subject, others, true)) ?? READY;
  return message === "" ? state : `${state}: ${message}`;
}

describe("rules", () => {
  it("of a deployment follow its controller", async () => {
    const deployment = (status: object, spec: object = {}) =>
      object("Deployment", { spec: { replicas: 2, ...spec }, status }, "apps/v1");
    const done = { observedGeneration: 2, updatedReplicas: 2, replicas: 2, availableReplicas: 2 };
    const cases: [KubernetesObject, string][] = [
      [deployment({ ...done, observedGeneration: 1 }), "waiting: waiting for the controller to see the change"],
      [
        deployment({ ...done, updatedReplicas: 1, replicas: 3 }),
        "waiting: 1 of 2 new pods made, 2 of 2 pods available",
      ],
      [deployment({ ...done, replicas: 3 }), "waiting: all 2 new pods made, 1 old ones are still there"],
      [deployment({ ...done, availableReplicas: 1 }), "waiting: 1 of 2 pods available"],
      [deployment(done), "ready"],
      [deployment({ observedGeneration: 2 }, { replicas: 0 }), "ready"],
      [deployment({ observedGeneration: 2 }, { paused: true }), "ready"],
      [
        deployment(
          {
            ...done,
            availableReplicas: 1,
            conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
          },
          { progressDeadlineSeconds: 60 },
        ),
        "failed: it made no progress within its deadline of 60 s",
      ],
    ];
    for (const [subject, expected] of cases) expect(await look(subject)).toBe(expected);
  });

  it("of a service count its endpoints, unless it has none by intention", async () => {
    const service = (spec: object, status: object = {}) =>
      object("Service", { spec: { selector: { app: "web" }, ...spec }, status });
    const slices = (...ready: boolean[]) =>
      around({
        EndpointSlice: [object("EndpointSlice", { endpoints: ready.map((flag) => ({ conditions: { ready: flag } })) })],
      });
    expect(await look(service({}))).toMatch(/^waiting: no pod behind it is ready/);
    expect(await look(service({}), slices(true, false))).toBe("waiting: 1 of its pods are not ready");
    expect(await look(service({}), slices(true))).toBe("ready");
    for (const spec of [{ clusterIP: "None" }, { type: "ExternalName" }, { selector: {} }]) {
      expect(await look(service(spec))).toBe("ready");
    }
    expect(await look(service({ type: "LoadBalancer" }), slices(true))).toMatch(/^waiting: no address/);
    expect(
      await look(service({ type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } }), slices(true)),
    ).toBe("ready");
  });

  it("of a claim do not wait for its first consumer", async () => {
    const claim = (phase: string) =>
      object("PersistentVolumeClaim", { spec: { storageClassName: "web" }, status: { phase } });
    const late = around({ StorageClass: [object("StorageClass", { volumeBindingMode: "WaitForFirstConsumer" })] });
    expect(await look(claim("Pending"))).toBe("waiting: waiting for a volume");
    expect(await look(claim("Pending"), late)).toBe("ready");
    expect(await look(claim("Bound"))).toBe("ready");
    expect(await look(claim("Lost"))).toBe("failed: its volume is lost");
  });

  it("of sets, jobs, definitions and namespaces read their status", async () => {
    const set = (status: object) =>
      object("StatefulSet", { spec: { replicas: 2 }, status: { observedGeneration: 2, ...status } }, "apps/v1");
    expect(await look(set({ readyReplicas: 1 }))).toBe("waiting: 1 of 2 pods ready");
    const rolling = { readyReplicas: 2, replicas: 2, currentRevision: "a", updateRevision: "b", updatedReplicas: 1 };
    expect(await look(set(rolling))).toBe("waiting: 1 of 2 pods updated");
    expect(await look(set({ ...rolling, currentRevision: "b" }))).toBe("ready");
    const job = (type: string) =>
      object("Job", { status: { conditions: [{ type, status: "True", reason: "R", message: "m" }] } }, "batch/v1");
    expect([await look(job("Complete")), await look(job("Failed"))]).toEqual(["ready", "failed: it failed: R: m"]);
    const definition = (conditions: unknown) =>
      object("CustomResourceDefinition", { status: { conditions } }, "apiextensions.k8s.io/v1");
    expect(await look(definition(null))).toBe("waiting: waiting for the kind to be served");
    expect(await look(definition([{ type: "Established", status: "True" }]))).toBe("ready");
    expect(await look(object("ConfigMap", {}))).toBe("ready");
  });
});

it("says what keeps a pod from being ready", () => {
  const pod = (status: object) => podProblems(object("Pod", { status }));
  const crash = { name: "web", ready: false, state: { waiting: { reason: "CrashLoopBackOff", message: "back-off" } } };
  expect(
    pod({ containerStatuses: [{ ...crash, lastState: { terminated: { exitCode: 3, reason: "Error" } } }] }),
  ).toEqual(['container "web" CrashLoopBackOff, exited with 3']);
  expect(
    pod({ containerStatuses: [{ ...crash, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } }] }),
  ).toEqual(['container "web" CrashLoopBackOff, exited with 137 (OOMKilled)']);
  const pull = { waiting: { reason: "ErrImagePull", message: "not found" } };
  expect(pod({ initContainerStatuses: [{ name: "i", ready: false, state: pull }] })).toEqual([
    'container "i" ErrImagePull, not found',
  ]);
  expect(
    pod({ conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }] }),
  ).toEqual(["Unschedulable: 0/1 nodes"]);
  expect(
    pod({ containerStatuses: [{ name: "web", ready: false, state: { waiting: { reason: "ContainerCreating" } } }] }),
  ).toEqual([]);
});

it("reads the paths that conditions need, and refuses others", () => {
  const subject = {
    status: {
      phase: "Running",
      list: [
        { type: "A", status: "True" },
        { type: "B", status: "False" },
      ],
      "a.b": 1,
    },
  };
  const select = (path: string) => parseJsonPath(path)(subject);
  expect(select(".status.phase")).toEqual(["Running"]);
  expect(select("$.status.list[0].type")).toEqual(["A"]);
  expect(select("status.list[-1].type")).toEqual(["B"]);
  expect(select(".status.list[*].type")).toEqual(["A", "B"]);
  expect(select(`.status.list[?(@.type=="B")].status`)).toEqual(["False"]);
  expect(select(".status['a.b']")).toEqual([1]);
  expect(select(".status.nothing.at.all")).toEqual([]);
  for (const path of ["..phase", ".status.list[0:1]", ".a[?(@.b>1)]"])
    expect(() => parseJsonPath(path)).toThrow("is not understood");
});

it("waits for what the annotation lists", async () => {
  const rule = (value: string) =>
    waitForRule({ metadata: { annotations: { "pulumi.com/waitFor": value } } }) as ReadinessRule;
  const subject = (observedGeneration: number, status = "True") =>
    object("Rollout", {
      status: { observedGeneration, phase: "Healthy", conditions: [{ type: "Available", status }] },
    });
  const state = async (value: string, of: KubernetesObject) => (await rule(value).check(of, NOTHING, true)).state;
  expect(await state("condition=Available", subject(2))).toBe("ready");
  expect(await state("condition=Available", subject(1))).toBe("waiting");
  expect(await state("condition=Available=False", subject(2, "False"))).toBe("ready");
  expect(await state("jsonpath={.status.phase}=Healthy", subject(2))).toBe("ready");
  expect(await state("jsonpath={.status.phase}=Degraded", subject(2))).toBe("waiting");
  expect(await state("jsonpath={.status.nothing}", subject(2))).toBe("waiting");
  expect(await state('["jsonpath={.status.phase}","condition=Missing"]', subject(2))).toBe("waiting");
  expect(waitForRule({})).toBeUndefined();
  for (const value of ["Ready", "[]", "[x", "jsonpath=.status", "jsonpath={..a}"])
    expect(() => rule(value)).toThrow("(got ");
});

describe("waiting", () => {
  const rule: ReadinessRule = {
    check: ({ status }) => (status === "up" ? READY : waiting(`is ${status}`)),
    explain: async () => ["1 pod: ErrImagePull"],
  };
  const wait = (states: string[], timeoutMillis = 5000, signal = new AbortController().signal) => {
    const lines: string[] = [];
    const log = (_: string, line: string) => void lines.push(line);
    const read = async () => object("X", { status: states.length > 1 ? states.shift() : states[0] });
    const subject = object("X", { status: "down" });
    return {
      lines,
      done: untilReady({ object: subject, read, rule, around: NOTHING, isNew: true, timeoutMillis, log, signal }),
    };
  };

  it("shows how far it is, and gives the object as it is in the end", async () => {
    const { lines, done } = wait(["starting", "up"]);
    expect((await done).status).toBe("up");
    expect(lines).toEqual(["is down", "is starting", ""]);
  });

  it("ends with the reasons, at its limit or when the user cancels", async () => {
    await expect(wait(["down"], 150).done).rejects.toThrow("not ready after 0 s: is down; 1 pod: ErrImagePull");
    const abort = new AbortController();
    const { done } = wait(["down"], 60_000, abort.signal);
    setTimeout(() => abort.abort(), 20);
    await expect(done).rejects.toBeInstanceOf(NotReadyError);
  });
});

it("names the finalizers that hold an object", () => {
  expect(deletionText({ metadata: { finalizers: ["a/b", "c"] } })).toBe("its finalizers hold it: a/b, c");
});
