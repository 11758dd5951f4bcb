import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [
    example("one network", cluster({ masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "10.0.0.0/8" }] } })),
    example("no network", cluster({ masterAuthorizedNetworksConfig: {} })),
    example("a private endpoint", cluster({ privateClusterConfig: { enablePrivateEndpoint: true } })),
    example(
      "no endpoint by address",
      cluster({ controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } }),
    ),
  ],
  fail: [
    broken("nothing said", "masterAuthorizedNetworksConfig", cluster({})),
    broken(
      "every network",
      "masterAuthorizedNetworksConfig.cidrBlocks[1].cidrBlock",
      cluster({
        masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "10.0.0.0/8" }, { cidrBlock: "0.0.0.0/0" }] },
      }),
    ),
  ],
  malformed: [malformed("a number", "pass", cluster({ masterAuthorizedNetworksConfig: { cidrBlocks: [1] } }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({}))],
};
