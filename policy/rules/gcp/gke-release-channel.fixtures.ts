import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const cluster = of("gcp:container/cluster:Cluster");

export const fixtures: Fixtures = {
  pass: [
    example("a channel", cluster({ releaseChannel: { channel: "REGULAR" } })),
    example("Autopilot, which is in one", cluster({ enableAutopilot: true })),
  ],
  fail: [
    broken("nothing said", "releaseChannel.channel", cluster({})),
    broken("none", "releaseChannel.channel", cluster({ releaseChannel: { channel: "UNSPECIFIED" } })),
  ],
  malformed: [malformed("a number", "fail", cluster({ releaseChannel: { channel: 1 } }))],
  wrongKind: [example("a fleet's membership", of("gcp:gkehub/membership:Membership")({}))],
};
