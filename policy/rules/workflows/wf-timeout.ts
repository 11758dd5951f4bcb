import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { workflowSyntax } from "../../core/standard";
import { workflow } from "../../model/workflow";

export const wfTimeout = defineRule({
  id: "wf-timeout",
  title: "Jobs end by themselves",
  severity: "low",
  standards: workflowSyntax("jobs.<job_id>.timeout-minutes"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "A job that hangs runs for six hours, is paid for, and holds up what waits for it.",
  remediation: "Set timeout-minutes to a few times of what the job takes.",
  *check({ jobs }) {
    for (const job of jobs) {
      const timeout = job.at("timeout-minutes");
      yield job.fails("has no limit of time", timeout, () => {
        if (timeout.present() || job.at("uses").present()) return false;
        return job.steps.length === 0 || !job.steps.every((step) => step.at("timeout-minutes").present());
      });
    }
  },
});
