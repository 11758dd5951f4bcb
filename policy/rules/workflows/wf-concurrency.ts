import { findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { isOnlyCalled, workflow } from "../../model/workflow";

export const wfConcurrency = defineRule({
  id: "wf-concurrency",
  title: "Workflows say what happens when they are started again",
  severity: "low",
  standards: zizmor("concurrency-limits"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "Without a group two runs deploy at the same time, and old runs take runners that new ones wait for.",
  remediation:
    "Set concurrency with a group and cancel-in-progress: true for checks, false or queue: max for deployments.",
  *check(model) {
    const { workflow: all, jobs } = model;
    const concurrency = all.at("concurrency");
    yield all.fails(
      "says nothing of runs at the same time",
      concurrency,
      () =>
        !concurrency.present() &&
        !isOnlyCalled(model) &&
        findOf(jobs, (job) => !job.at("uses").present() && !job.at("concurrency").present()) !== undefined,
    );
    for (const part of [all, ...jobs]) {
      const at = part.at("concurrency");
      yield part.fails(
        "does not say whether a new run ends the old one",
        at,
        () => at.text() !== undefined && !isOnlyCalled(model),
      );
    }
  },
});
