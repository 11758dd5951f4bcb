import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [example("nothing said", cluster({})), example("switched off", cluster({ enableKubernetesAlpha: false }))],
  fail: [broken("switched on", "enableKubernetesAlpha", cluster({ enableKubernetesAlpha: true }))],
  malformed: [malformed("a text", "pass", cluster({ enableKubernetesAlpha: "yes" }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({ enableKubernetesAlpha: true }))],
};
