import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { ARCHIVED } from "../../model/archived-actions";
import { repositoryOf, useOf, usersIn, workflow } from "../../model/workflow";

export const wfArchived = defineRule({
  id: "wf-archived",
  title: "Workflows use nothing that nobody mends any more",
  severity: "medium",
  standards: zizmor("archived-uses"),
  levels: levels("advisory", "advisory"),
  model: workflow,
  why: "The repository is archived: no fault in it is mended, and one day it stops with the runtime it was written for.",
  remediation: "Use what came after it, or a command in its place.",
  *check(model) {
    for (const part of usersIn(model)) {
      yield part.fails("uses something that is archived", part.at("uses"), () => {
        const use = useOf(part);
        return use !== undefined && ARCHIVED.has(repositoryOf(use));
      });
    }
  },
});
