import { expect, test } from "vitest";
import type { ContainerStatus, Pod, ReplicaSet } from "./objects";
import { podProblems } from "./pods";

const at = 1_700_000_100;
function pod(container: Partial<ContainerStatus>, status: Pod["status"] = {}): Pod {
  return {
    metadata: { name: "shop-1", creationTimestamp: new Date((at - 60) * 1000).toISOString() },
    status: { phase: "Running", containerStatuses: [{ name: "shop", ...container }], ...status },
  };
}
const texts = (pods: Pod[], replicaSet?: ReplicaSet, events = [] as Parameters<typeof podProblems>[2]) =>
  podProblems(replicaSet, pods, events, at).map(({ text }) => text);

test.each<[string, Pod, string[]]>([
  ["running", pod({ ready: true }), []],
  ["crashed once", pod({ state: { terminated: { exitCode: 3 } } }), ["it exited with code 3"]],
  [
    "crash loop",
    pod({
      restartCount: 4,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 1 } },
    }),
    ["it exited with code 1 (4 times)"],
  ],
  [
    "out of memory",
    pod({ restartCount: 1, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } }),
    ["it used more memory than its limit"],
  ],
  ["restarted, and well since", pod({ ready: true, restartCount: 1, lastState: { terminated: { exitCode: 1 } } }), []],
  [
    "no such Secret",
    pod({ state: { waiting: { reason: "CreateContainerConfigError", message: 'secret "x" not found' } } }),
    ['its configuration is not there: secret "x" not found'],
  ],
  [
    "unschedulable",
    pod({}, { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }] }),
    ["no node takes it: 0/1 nodes"],
  ],
  [
    "evicted",
    pod({}, { phase: "Failed", reason: "Evicted", message: "low on memory" }),
    ["it was evicted: low on memory"],
  ],
  [
    "an init container that is done",
    pod({ ready: true }, { initContainerStatuses: [{ name: "setup", state: { terminated: { exitCode: 0 } } }] }),
    [],
  ],
  [
    "an init container that fails",
    pod({}, { initContainerStatuses: [{ name: "setup", state: { terminated: { exitCode: 2 } } }] }),
    ["it exited with code 2"],
  ],
])("%s", (_, made, expected) => {
  expect(texts([made])).toEqual(expected);
});

test("a probe that fails is told when the start should be over", () => {
  const events = [{ reason: "Unhealthy", message: "Readiness probe failed: 503", involvedObject: { name: "shop-1" } }];
  const running = { ready: false, state: { running: {} } };
  expect(texts([pod(running)], undefined, events)).toEqual(["it is not ready: Readiness probe failed: 503"]);
  const young = pod(running);
  young.metadata.creationTimestamp = new Date((at - 5) * 1000).toISOString();
  expect(texts([young], undefined, events)).toEqual([]);
});

test("a pod whose containers are not even made says what it waits for", () => {
  const waiting = pod({ state: { waiting: { reason: "ContainerCreating" } } });
  expect(texts([waiting])).toEqual(["it does not start: its image is still being pulled"]);
  const message = 'MountVolume.SetUp failed for volume "config": configmap "x" not found';
  const events = [{ reason: "FailedMount", message, involvedObject: { name: "shop-1" } }];
  expect(texts([waiting], undefined, events)).toEqual([`it does not start: ${message}`]);
});

test.each([
  ["exceeded quota: small, requested: pods=1", /quota is used up: exceeded quota: small.*Raise the quota/],
  ['violates PodSecurity "restricted:latest": runAsNonRoot != true', /Pod Security forbids it: violates.*runAsNonRoot/],
])("pods that may not be made: %s", (said, expected) => {
  const message = `pods "shop-1-abc" is forbidden: ${said}`;
  const conditions = [{ type: "ReplicaFailure", status: "True" as const, reason: "FailedCreate", message }];
  const [text] = texts([], { metadata: { name: "shop-1" }, status: { conditions } });
  expect(text).toMatch(expected);
});
