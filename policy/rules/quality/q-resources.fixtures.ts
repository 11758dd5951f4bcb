import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

const AT = "spec.containers[0].resources";
const ALL = [`${AT}.requests.cpu`, `${AT}.requests.memory`, `${AT}.limits.memory`];
const enough = { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "256Mi" } };

export const fixtures: Fixtures = {
  pass: [
    example("requests, and a limit of memory", podOf({ resources: enough })),
    example("limits that are the requests too", podOf({ resources: { limits: { cpu: 1, memory: "1Gi" } } })),
    example(
      "of the pod",
      podOf({}, { resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "2Gi" } } }),
    ),
    example("a limit of four times the request", podOf({ resources: { ...enough, limits: { memory: "1Gi" } } })),
    example(
      "an ephemeral container",
      pod({ containers: [{ name: "web", resources: enough }], ephemeralContainers: [{ name: "debug" }] }),
    ),
  ],
  fail: [
    broken("nothing said", ALL, podOf({})),
    broken("requests alone", `${AT}.limits.memory`, podOf({ resources: { requests: { cpu: "1", memory: "1Gi" } } })),
    broken(
      "no share of the processor",
      `${AT}.requests.cpu`,
      podOf({ resources: { requests: { memory: "1Gi" }, limits: { memory: "1Gi" } } }),
    ),
    broken(
      "a request of nothing",
      `${AT}.requests.cpu`,
      podOf({ resources: { ...enough, requests: { cpu: 0, memory: "1Gi" } } }),
    ),
    broken(
      "a limit far from the request",
      `${AT}.limits.memory`,
      podOf({ resources: { ...enough, limits: { memory: "1025Mi" } } }),
    ),
    {
      ...broken(
        "a processor bound that is set",
        `${AT}.limits.cpu`,
        podOf({ resources: { ...enough, limits: { cpu: "1", memory: "256Mi" } } }),
      ),
      options: { limitToRequest: { cpu: 2 } },
    },
    broken(
      "an init container",
      "spec.initContainers[0].resources.limits.memory",
      pod({
        containers: [{ name: "web", resources: enough }],
        initContainers: [{ name: "migrate", resources: { requests: { cpu: "1", memory: "1Gi" } } }],
      }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a container that is null", "fail", pod({ containers: [null] })),
    malformed("quantities that are none", "fail", podOf({ resources: { limits: { cpu: "many", memory: {} } } })),
  ],
  wrongKind: [noWorkload(podOf({}))],
};
