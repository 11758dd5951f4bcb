import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("a port of the container", podOf({ ports: [{ containerPort: 8080 }] })),
    example("no port of the node", podOf({ ports: [{ containerPort: 8080, hostPort: 0 }] })),
  ],
  fail: [
    broken(
      "a port of the node beside another",
      "spec.containers[0].ports[1].hostPort",
      podOf({ ports: [{ containerPort: 8080 }, { containerPort: 8081, hostPort: 8081 }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
    malformed("a text", "fail", podOf({ ports: [{ hostPort: "80" }] })),
    malformed("ports that are a number", "pass", podOf({ ports: 80 })),
  ],
  wrongKind: [noWorkload(podOf({ ports: [{ hostPort: 80 }] }))],
};
