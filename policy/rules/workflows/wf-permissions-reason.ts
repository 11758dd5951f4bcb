import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { workflow } from "../../model/workflow";

export const wfPermissionsReason = defineRule({
  id: "wf-permissions-reason",
  title: "Every right says what it is for",
  severity: "low",
  standards: zizmor("undocumented-permissions", "excessive-permissions"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "A right that nobody can explain is never taken away again.",
  remediation:
    "Name the rights one by one, and say in a comment behind each, above it or behind permissions: what needs it.",
  *check(model) {
    for (const part of [model.workflow, ...model.jobs]) {
      const permissions = part.at("permissions");
      yield part.fails("reads everything without a reason", permissions, () => permissions.text() === "read-all");
      for (const [name, right] of permissions.entries()) {
        yield part.fails("has a right without a reason", right, () => {
          const given = right.text();
          if (given === undefined || given === "none" || (name === "contents" && given === "read")) return false;
          const comments = [model.commentAt(right), model.commentAt(permissions)];
          return comments.every((each) => each?.behind === "") && comments[0]?.above === "";
        });
      }
    }
  },
});
