import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { eventsOf, uses, type Workflow, workflow } from "../../model/workflow";

export const wfTriggers = defineRule({
  id: "wf-triggers",
  title: "Nothing that a stranger starts has the repository's secrets",
  severity: "medium",
  standards: zizmor("dangerous-triggers"),
  levels: levels("advisory", "advisory"),
  model: workflow,
  why: "pull_request_target, workflow_run and issue_comment have secrets and a token that writes, for what anybody can cause. One step that touches a stranger's file or artifact gives them away.",
  remediation:
    "Use pull_request where it will do. Else keep to what the event says, fetch nothing of the pull request, and set the fewest rights.",
  *check(model) {
    const { workflow: all } = model;
    const on = all.at("on");
    yield all.fails("runs for a stranger's pull request with secrets", on, () => {
      return names(model).includes("pull_request_target") && !onlyLabels(model);
    });
    yield all.fails("runs for a stranger's comment, with secrets", on, () => names(model).includes("issue_comment"));
    yield all.fails("runs after another workflow, with secrets", on, () => names(model).includes("workflow_run"));
  },
});

const names = (model: Workflow): string[] => eventsOf(model).map(([name]) => name);

/** The labeler does nothing else than what the event is for. */
const onlyLabels = ({ jobs: [job, ...others] }: Workflow): boolean =>
  job !== undefined &&
  others.length === 0 &&
  job.steps.length === 1 &&
  job.steps.every((step) => uses(step, ["actions/labeler"]));
