import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { kubeLinter, kubeScore } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const qGraceful = defineRule({
  id: "q-graceful",
  title: "Copies go one after the other, and end what they have begun",
  severity: "medium",
  standards: [...kubeScore("deployment-strategy"), ...kubeLinter("no-rolling-update-strategy")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "Between the last old copy and the first new one nobody answers, and a pod without time to end breaks off its requests.",
  remediation:
    "Use the strategy RollingUpdate or a Rollout, and give pods a terminationGracePeriodSeconds that their longest request fits in.",
  *check({ kind, object, pod }) {
    if (kind === "Deployment") {
      const type = object.at("spec.strategy.type");
      yield new Part(object, "the workload").fails(
        "ends all copies before it starts new ones",
        type,
        () => type.read() === "Recreate",
      );
    }
    const seconds = pod.at("terminationGracePeriodSeconds");
    yield pod.fails("has no time to end", seconds, () => seconds.read() === 0);
  },
});
