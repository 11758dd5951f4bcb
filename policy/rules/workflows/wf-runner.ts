import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cisSupplyChain, zizmor } from "../../core/standard";
import { expressionsIn, givenBy } from "../../model/expression";
import { leavesOf, matrixValues } from "../../model/matrix";
import { type Job, workflow } from "../../model/workflow";

export const wfRunner = defineRule({
  id: "wf-runner",
  title: "Jobs run on machines that are new for each of them",
  severity: "medium",
  standards: [...zizmor("self-hosted-runner"), ...cisSupplyChain("2.1.3")],
  levels: levels("advisory", "advisory"),
  model: workflow,
  why: "A runner of your own keeps what a job leaves there, for all jobs after it. In a public repository a stranger's pull request can be that job.",
  remediation: "Use GitHub's runners, or ones that are made for a single job and thrown away.",
  *check({ jobs }) {
    for (const job of jobs) {
      const at = job.at("runs-on");
      yield job.fails("runs on a machine that stays", at, () => labelsOf(job).includes("self-hosted"));
    }
  },
});

function labelsOf(job: Job): string[] {
  const at = job.at("runs-on");
  const stated = [at, at.at("labels")].flatMap((each) => [each, ...each.items()]).flatMap((each) => each.text() ?? []);
  return stated.flatMap((label) => {
    const [context = "", ...others] = givenBy(label).flatMap(({ contexts }) => contexts);
    const isWhole = expressionsIn(label)[0] === label.trim();
    if (!isWhole || others.length > 0 || !context.startsWith("matrix.")) return [label];
    const values = matrixValues(job, context.split(".").slice(1)) ?? [];
    return values.flatMap(leavesOf).flatMap((leaf) => leaf.text() ?? []);
  });
}
