import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const lambda = of("aws:lambda/function:Function");

export const fixtures: Fixtures = {
  pass: [
    example("a limit", lambda({ reservedConcurrentExecutions: 20 })),
    example("switched off", lambda({ reservedConcurrentExecutions: 0 })),
  ],
  fail: [
    broken("nothing said", "reservedConcurrentExecutions", lambda({})),
    broken("none", "reservedConcurrentExecutions", lambda({ reservedConcurrentExecutions: -1 })),
  ],
  malformed: [malformed("a text", "fail", lambda({ reservedConcurrentExecutions: "many" }))],
  wrongKind: [example("an alias", of("aws:lambda/alias:Alias")({}))],
};
