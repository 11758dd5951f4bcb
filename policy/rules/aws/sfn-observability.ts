import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";

/** Whether the data of executions may be logged depends on what is in it, which no definition tells. */
export const sfnObservability = defineRule({
  id: "sfn-observability",
  title: "State machines write logs and are traced",
  severity: "medium",
  standards: [...foundationalSecurity("StepFunctions.1"), ...checkov("CKV_AWS_284", "CKV_AWS_285")],
  levels: levels("advisory", "mandatory"),
  model: objects("state machines of Step Functions", "the state machine", ["aws:sfn/stateMachine:StateMachine"]),
  why: "Without logs and traces nobody can tell in which step an execution failed, or why.",
  remediation: 'Set loggingConfiguration.level to "ERROR" or more, and tracingConfiguration.enabled to true.',
  *check(machine) {
    const [level, tracing] = [machine.at("loggingConfiguration.level"), machine.at("tracingConfiguration.enabled")];
    yield machine.fails("writes no logs", level, () => !["ERROR", "FATAL", "ALL"].includes(level.text() ?? ""));
    yield machine.fails("is not traced", tracing, () => tracing.read() !== true);
  },
});
