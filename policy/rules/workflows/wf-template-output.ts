import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { givenBy } from "../../model/expression";
import { decidedBy, isForeign, scriptsOf } from "../../model/script";
import { workflow } from "../../model/workflow";

export const wfTemplateOutput = defineRule({
  id: "wf-template-output",
  title: "Scripts take what steps and jobs give by way of variables",
  severity: "low",
  standards: zizmor("template-injection"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "What a step or a job gives, or a matrix that a job makes, may come from a title or a file that a stranger wrote. Nobody sees from the script where it comes from.",
  remediation: 'Pass the value by env and write "$NAME" in the script.',
  *check(model) {
    for (const job of model.jobs) {
      for (const step of job.steps) {
        for (const { at, is } of scriptsOf(step)) {
          yield step.fails("runs what another step or job made", at, () => {
            const values = givenBy(at.text() ?? "").filter((value) => !isForeign(value));
            const scope = { model, job, step };
            const decided = values.flatMap(({ contexts }) => contexts.map((each) => decidedBy(each, scope)));
            return decided.includes("made") && !decided.includes("writer") && is();
          });
        }
      }
    }
  },
});
