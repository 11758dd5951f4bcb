import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const service = (networkConfiguration: unknown, type = "aws:ecs/service:Service") =>
  resource(type, { networkConfiguration });
const PATH = "networkConfiguration.assignPublicIp";

export const fixtures: Fixtures = {
  pass: [
    example("nothing said", service({ subnets: ["subnet-1"] })),
    example("none", service({ subnets: ["subnet-1"], assignPublicIp: false })),
    example("the instance's network", service(undefined)),
  ],
  fail: [
    broken("assigned", PATH, service({ subnets: ["subnet-1"], assignPublicIp: true })),
    broken("assigned to a task set", PATH, service({ assignPublicIp: true }, "aws:ecs/taskSet:TaskSet")),
  ],
  malformed: [malformed("a text", "pass", service("public"))],
  wrongKind: [example("a cluster", service({ assignPublicIp: true }, "aws:ecs/cluster:Cluster"))],
};
