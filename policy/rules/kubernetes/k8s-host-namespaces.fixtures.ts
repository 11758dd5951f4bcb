import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [example("a pod of its own", pod({ hostNetwork: false }))],
  fail: [
    broken("a pod in its node's network", "spec.hostNetwork", pod({ hostNetwork: true })),
    broken("a pod in two more namespaces", ["spec.hostPID", "spec.hostIPC"], pod({ hostPID: true, hostIPC: true })),
  ],
  malformed: [malformed("a spec that is a text", "pass", pod("none"))],
  wrongKind: [noWorkload(pod({ hostNetwork: true }))],
};
