import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("no token", pod({ automountServiceAccountToken: false })),
    example("a pod that calls the API server", pod({}, { labels: { "headgate.dev/needs-kube-api": "true" } })),
  ],
  fail: [
    broken("nothing said", "spec.automountServiceAccountToken", pod({})),
    broken(
      "another label",
      "spec.automountServiceAccountToken",
      pod({ automountServiceAccountToken: true }, { labels: { "headgate.dev/needs-kube-api": "false" } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "fail", pod("none")),
    malformed("a text", "fail", pod({ automountServiceAccountToken: "false" })),
  ],
  wrongKind: [noWorkload(pod({}))],
};
