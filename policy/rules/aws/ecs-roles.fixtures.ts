import { task } from "../../testing/ecs";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const [OWN, START] = ["arn:aws:iam::123456789012:role/shop", "arn:aws:iam::123456789012:role/start"];

export const fixtures: Fixtures = {
  pass: [
    example("two roles", task({}, { taskRoleArn: OWN, executionRoleArn: START })),
    example("no role to start it", task({}, { taskRoleArn: OWN })),
  ],
  fail: [
    broken("none", "taskRoleArn", task({}, { executionRoleArn: START })),
    broken("one for both", "taskRoleArn", task({}, { taskRoleArn: START, executionRoleArn: START })),
  ],
  malformed: [malformed("a number", "fail", task({}, { taskRoleArn: 1 }))],
  wrongKind: [example("a service", resource("aws:ecs/service:Service", {}))],
};
