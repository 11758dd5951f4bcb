import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { expressionsIn } from "../../model/expression";
import { leavesOf } from "../../model/matrix";
import { startsOn, useOf, workflow } from "../../model/workflow";

export const wfSecrets = defineRule({
  id: "wf-secrets",
  title: "Secrets are handed on by name, and belong to an environment",
  severity: "low",
  standards: zizmor("secrets-inherit", "secrets-outside-env"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "A secret of the repository goes to every branch that can run a workflow. One of an environment goes to the jobs that its reviewers let pass.",
  remediation:
    "Name the environment in the job and keep the secret there. Pass secrets to a workflow of your own by name.",
  *check(model) {
    for (const job of model.jobs) {
      const inherited = job.at("secrets");
      yield job.fails(
        "hands on every secret",
        inherited,
        // To somebody else is worse, and told by wf-permissions.
        () => inherited.text() === "inherit" && useOf(job) === undefined,
      );
      // What calls a workflow decides its secrets; a job that calls one has no environment.
      for (const at of leavesOf(job.cursor)) {
        yield job.fails(
          "reads a secret that belongs to no environment",
          at,
          () =>
            readsSecret(at.text() ?? "") &&
            !job.at("uses").present() &&
            !job.at("environment").present() &&
            !startsOn(model, ["workflow_call"]),
        );
      }
    }
  },
});

/** The token of the run is in every job. */
const readsSecret = (text: string): boolean =>
  expressionsIn(text).some((each) =>
    /(?<![\w.-])secrets\s*(\.(?!\s*github_token\b)|\[(?!\s*'github_token'))/i.test(each),
  );
