import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const machine = of("aws:sfn/stateMachine:StateMachine");
const tracingConfiguration = { enabled: true };
const loggingConfiguration = { level: "ERROR", logDestination: "arn:aws:logs:x:*" };

export const fixtures: Fixtures = {
  pass: [
    example("both", machine({ loggingConfiguration, tracingConfiguration })),
    example("all logs", machine({ loggingConfiguration: { level: "ALL" }, tracingConfiguration })),
  ],
  fail: [
    broken("neither", ["loggingConfiguration.level", "tracingConfiguration.enabled"], machine({ definition: "{}" })),
    broken(
      "no logs",
      "loggingConfiguration.level",
      machine({ loggingConfiguration: { level: "OFF" }, tracingConfiguration }),
    ),
    broken(
      "no traces",
      "tracingConfiguration.enabled",
      machine({ loggingConfiguration, tracingConfiguration: { enabled: false } }),
    ),
  ],
  malformed: [malformed("texts", "fail", machine({ loggingConfiguration: "ALL", tracingConfiguration: "on" }))],
  wrongKind: [example("an activity", of("aws:sfn/activity:Activity")({}))],
};
