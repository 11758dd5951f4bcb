import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const machine = of("aws:sfn/stateMachine:StateMachine");
const states = (States: unknown) => machine({ definition: JSON.stringify({ StartAt: "Pay", States }) });
const task = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" };
const Retry = [{ ErrorEquals: ["States.TaskFailed"], MaxAttempts: 3 }];

export const fixtures: Fixtures = {
  pass: [
    example("a retry", states({ Pay: { ...task, Retry }, Done: { Type: "Succeed" } })),
    example("a catch", states({ Pay: { ...task, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Undo" }] } })),
    example(
      "retries in branches",
      states({ All: { Type: "Parallel", Branches: [{ States: { Pay: { ...task, Retry } } }] } }),
    ),
  ],
  fail: [
    broken("neither", "definition.States.Pay.Type", states({ Pay: task })),
    broken("a list of none", "definition.States.Pay.Type", states({ Pay: { ...task, Retry: [] } })),
    broken(
      "neither in a branch",
      "definition.States.All.Branches[1].States.Pay.Type",
      states({
        All: { Type: "Parallel", Branches: [{ States: { Wait: { Type: "Wait" } } }, { States: { Pay: task } }] },
      }),
    ),
    broken(
      "neither in a map, of either kind",
      ["definition.States.A.ItemProcessor.States.Pay.Type", "definition.States.B.Iterator.States.Pay.Type"],
      states({
        A: { Type: "Map", ItemProcessor: { States: { Pay: task } } },
        B: { Type: "Map", Iterator: { States: { Pay: task } } },
      }),
    ),
  ],
  malformed: [
    malformed("no JSON", "pass", machine({ definition: "{" })),
    malformed("states that are a list", "pass", states([task])),
    malformed("a retry that is a text", "fail", states({ Pay: { ...task, Retry: "often" } })),
  ],
  wrongKind: [example("an activity", of("aws:sfn/activity:Activity")({}))],
};
