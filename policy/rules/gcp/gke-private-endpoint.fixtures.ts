import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");
const AT = "privateClusterConfig.enablePrivateEndpoint";

export const fixtures: Fixtures = {
  pass: [
    example("private", cluster({ privateClusterConfig: { enablePrivateEndpoint: true } })),
    example("by name only", cluster({ controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } })),
  ],
  fail: [
    broken("nothing said", AT, cluster({})),
    broken("public, with private nodes", AT, cluster({ privateClusterConfig: { enablePrivateNodes: true } })),
  ],
  malformed: [malformed("a text", "fail", cluster({ privateClusterConfig: "yes" }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({}))],
};
