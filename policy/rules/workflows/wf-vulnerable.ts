import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { ADVISORIES, affects } from "../../model/action-advisories";
import { isCommit, repositoryOf, useOf, usersIn, versionUsed, workflow } from "../../model/workflow";

export const wfVulnerable = defineRule({
  id: "wf-vulnerable",
  title: "Workflows use no version of an action that an advisory names",
  severity: "critical",
  standards: zizmor("known-vulnerable-actions"),
  levels: levels("mandatory", "mandatory"),
  model: workflow,
  why: "Some of these versions were put there to steal secrets, others run what a stranger writes.",
  remediation: "Name the commit of a version that has the advisory's fix. Change the secrets that ran with the other.",
  *check(model) {
    for (const part of usersIn(model)) {
      const at = part.at("uses");
      for (const advisory of ADVISORIES) {
        yield part.fails(advisory.finding, at, () => {
          const use = useOf(part);
          if (use === undefined || repositoryOf(use) !== advisory.repository) return false;
          if (isCommit(use.ref) && advisory.commits.some((commit) => commit === use.ref)) return true;
          const version = versionUsed(model, part, use);
          return version !== undefined && affects(advisory, version);
        });
      }
    }
  },
});
