import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [example("a claim", pod({ volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] }))],
  fail: [
    broken(
      "a folder of the node",
      "spec.volumes[0].hostPath",
      pod({ volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a volume that is a text", "pass", pod({ volumes: ["data"] })),
    malformed("a path without its object", "fail", pod({ volumes: [{ name: "logs", hostPath: "/var/log" }] })),
  ],
  wrongKind: [noWorkload(pod({ volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] }))],
};
