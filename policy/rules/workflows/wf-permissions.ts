import { findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { scorecard, zizmor } from "../../core/standard";
import { isOnlyCalled, useOf, workflow } from "../../model/workflow";
import { trustedOptions } from "./trusted";

export const wfPermissions = defineRule({
  id: "wf-permissions",
  title: "Every job gets only the rights it needs",
  severity: "high",
  standards: [...scorecard("Token-Permissions"), ...zizmor("excessive-permissions", "secrets-inherit")],
  levels: levels("advisory", "mandatory"),
  model: workflow,
  options: trustedOptions,
  why: "A job's token goes to every action it runs. What the workflow does not say, the repository's default decides.",
  remediation: "Set permissions: {} for the workflow, and for each job what it needs. Pass secrets by name.",
  *check(model, { trusted }) {
    const { workflow: all, jobs } = model;
    const permissions = all.at("permissions");
    yield all.fails(
      "leaves a job's rights to the repository's default",
      permissions,
      () =>
        !permissions.present() &&
        findOf(jobs, (job) => !job.at("permissions").present()) !== undefined &&
        !isOnlyCalled(model),
    );
    yield all.fails("gives every job all rights", permissions, () => permissions.text() === "write-all");
    for (const [, right] of permissions.entries()) {
      yield all.fails(
        "gives each of several jobs a right to write",
        right,
        () => jobs.length > 1 && right.text() === "write",
      );
    }
    for (const job of jobs) {
      const own = job.at("permissions");
      yield job.fails("has all rights", own, () => own.text() === "write-all");
      const secrets = job.at("secrets");
      yield job.fails("hands every secret to a workflow of somebody else", secrets, () => {
        if (secrets.text() !== "inherit") return false;
        const use = useOf(job);
        return use !== undefined && !trusted.includes(use.owner);
      });
    }
  },
});
