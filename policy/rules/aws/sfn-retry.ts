import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { objects } from "../../model/object";

export const sfnRetry = defineRule({
  id: "sfn-retry",
  title: "Steps of a state machine say what happens when they fail",
  severity: "medium",
  standards: [{ name: "AWS Step Functions Developer Guide", section: "Handling errors in Step Functions workflows" }],
  levels: levels("advisory", "advisory"),
  model: objects("state machines of Step Functions", "the state machine", ["aws:sfn/stateMachine:StateMachine"]),
  why: "Services fail for a moment now and then; a step without Retry or Catch ends the whole execution for it.",
  remediation: "Give every Task a Retry for errors that pass, or a Catch.",
  *check(machine) {
    for (const state of statesIn(machine.at("definition").json())) {
      const type = state.at("Type");
      const step = new Part(state, "a step");
      yield step.fails(
        "ends the execution when it fails",
        type,
        () => type.read() === "Task" && !isStated(state.at("Retry")) && !isStated(state.at("Catch")),
      );
    }
  },
});

const isStated = (handlers: Cursor): boolean => handlers.hasItems();

/** All states, with those of parallel branches and maps. */
function statesIn(definition: Cursor): Cursor[] {
  return definition
    .at("States")
    .entries()
    .flatMap(([, state]) => {
      // What is not known has no end of places below it.
      if (state.unknown) return [state];
      const inner = [state.at("ItemProcessor"), state.at("Iterator"), ...state.at("Branches").items()];
      return [state, ...inner.filter((place) => !place.unknown).flatMap(statesIn)];
    });
}
