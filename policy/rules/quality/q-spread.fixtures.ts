import { deployment, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const AT = "spec.template.spec.topologySpreadConstraints";
const two = (spec: object) => deployment({ replicas: 2, template: { spec } });

export const fixtures: Fixtures = {
  pass: [
    example("over zones", two({ topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] })),
    example("apart from each other", two({ affinity: { podAntiAffinity: {} } })),
    example("a single copy", deployment({})),
    example("one for each node", workload("apps/v1:DaemonSet", { replicas: 2 })),
    example("a patch", workload("apps/v1:DeploymentPatch", { replicas: 2 })),
  ],
  fail: [
    broken("nothing said", AT, two({})),
    broken("a list without any", AT, two({ topologySpreadConstraints: [] })),
    broken("near to others", AT, two({ affinity: { podAffinity: {} } })),
  ],
  malformed: [
    malformed("a number as a text", "pass", deployment({ replicas: "2" })),
    malformed("constraints that are a text", "fail", two({ topologySpreadConstraints: "zone" })),
  ],
  wrongKind: [example("a deployment of another group", { ...two({}), type: "kubernetes:example.com/v1:Deployment" })],
};
