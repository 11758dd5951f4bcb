import { z } from "zod";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, kubeScore } from "../../core/standard";
import { isProbed, podWorkload } from "../../model/podspec";

const options = z.strictObject({
  /**
   * Whether a liveness or startup probe is asked for, too. Defaults to no: a careless one restarts what only is slow.
   */
  liveness: z.boolean().default(false),
});

export const qProbes = defineRule({
  id: "q-probes",
  title: "Containers that serve say when they are ready",
  severity: "medium",
  standards: [...checkov("CKV_K8S_9", "CKV_K8S_8"), ...kubeScore("pod-probes")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  options,
  why: "Without a readiness probe a container gets requests before it can answer, and a release goes on over copies that never do.",
  remediation: "Give the container a readinessProbe that asks whether it can do its work.",
  *check(workload, { liveness }) {
    for (const container of workload.containers) {
      const ready = container.at("readinessProbe");
      yield container.fails(
        "does not say when it is ready",
        ready,
        () => !ready.present() && isProbed(workload, container),
      );
      if (!liveness) continue;
      const [live, start] = [container.at("livenessProbe"), container.at("startupProbe")];
      yield container.fails(
        "does not say when it hangs",
        live,
        () => !live.present() && !start.present() && isProbed(workload, container),
      );
    }
  },
});
