import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [example("private", cluster({ privateClusterConfig: { enablePrivateNodes: true } }))],
  fail: [
    broken("nothing said", "privateClusterConfig.enablePrivateNodes", cluster({})),
    broken(
      "public",
      "privateClusterConfig.enablePrivateNodes",
      cluster({ privateClusterConfig: { enablePrivateNodes: false } }),
    ),
  ],
  malformed: [malformed("a text", "fail", cluster({ privateClusterConfig: "yes" }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({}))],
};
