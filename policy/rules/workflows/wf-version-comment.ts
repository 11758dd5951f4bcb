import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { isCommit, useOf, usersIn, versionIn, workflow } from "../../model/workflow";

export const wfVersionComment = defineRule({
  id: "wf-version-comment",
  title: "Every commit that a workflow names has its version behind it",
  severity: "low",
  standards: zizmor("ref-version-mismatch"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "Nobody knows forty digits. Without the version neither a person nor a bot that updates sees what runs.",
  remediation: "Write the version in a comment behind the commit: owner/action@<40 digits> # v1.2.3.",
  *check(model) {
    for (const part of usersIn(model)) {
      const at = part.at("uses");
      yield part.fails("names a commit without its version", at, () => {
        const use = useOf(part);
        if (use === undefined || !isCommit(use.ref)) return false;
        const comment = model.commentAt(at);
        return comment !== undefined && versionIn(comment.behind) === undefined;
      });
    }
  },
});
