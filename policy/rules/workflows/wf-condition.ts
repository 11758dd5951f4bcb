import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { expressionsIn } from "../../model/expression";
import { workflow } from "../../model/workflow";

export const wfCondition = defineRule({
  id: "wf-condition",
  title: "Conditions can be false",
  severity: "high",
  standards: zizmor("unsound-condition"),
  levels: levels("mandatory", "mandatory"),
  model: workflow,
  why: "Text around an expression makes all of the condition a text, and a text that is not empty is true. A line break at the end is such a text, which `|` and `>` leave there.",
  remediation:
    "Write the condition without braces, or as one expression alone; with |- or >- when it takes several lines.",
  *check({ jobs }) {
    for (const job of jobs) {
      for (const part of [job, ...job.steps]) {
        const at = part.at("if");
        yield part.fails("has a condition that is always true", at, () => isText(at));
      }
    }
  },
});

/** Whether there is an expression with something around it. */
function isText(at: Cursor): boolean {
  const text = at.text() ?? "";
  const [first] = expressionsIn(text);
  return first !== undefined && first.length < text.length;
}
