import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cwe, zizmor } from "../../core/standard";
import { givenBy } from "../../model/expression";
import { decidedBy, isForeign, scriptsOf } from "../../model/script";
import { workflow } from "../../model/workflow";

export const wfTemplate = defineRule({
  id: "wf-template",
  title: "Nothing that somebody types when a run starts is put into a script",
  severity: "high",
  standards: [...zizmor("template-injection"), ...cwe("CWE-94")],
  levels: levels("advisory", "mandatory"),
  model: workflow,
  why: "An input, the name of a branch or a tag and most of an event are texts that whoever pushes, dispatches or calls writes. In a script they are put in before the shell reads it, so that they can be commands with the job's rights.",
  remediation: 'Pass the value by env and write "$NAME" in the script.',
  *check(model) {
    for (const job of model.jobs) {
      for (const step of job.steps) {
        for (const { at, is } of scriptsOf(step)) {
          yield step.fails("runs what the start of the run gives it", at, () => {
            const values = givenBy(at.text() ?? "").filter((value) => !isForeign(value));
            const scope = { model, job, step };
            return values.some(({ contexts }) => contexts.some((each) => decidedBy(each, scope) === "writer")) && is();
          });
        }
      }
    }
  },
});
