import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { uses, workflow } from "../../model/workflow";

export const wfCheckoutToken = defineRule({
  id: "wf-checkout-token",
  title: "What is checked out keeps no token",
  severity: "low",
  standards: zizmor("artipacked"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "The job's token stays with the files for every later step, also for one that runs what the checkout brought.",
  remediation: "Set persist-credentials: false, or true in the one job that pushes.",
  *check({ jobs }) {
    for (const step of jobs.flatMap((job) => job.steps)) {
      const persist = step.at("with.persist-credentials");
      yield step.fails(
        "leaves a token with what it checks out",
        persist,
        // Inputs that an expression gives may say it.
        () => !persist.present() && step.at("with").text() === undefined && uses(step, ["actions/checkout"]),
      );
    }
  },
});
