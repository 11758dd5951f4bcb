import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { kubeScore } from "../../core/standard";
import { isProbed, podWorkload } from "../../model/podspec";
import { sameValue } from "../../model/same-value";

export const qProbesIdentical = defineRule({
  id: "q-probes-identical",
  title: "A liveness probe is slower to act than the readiness probe",
  severity: "low",
  standards: [
    ...kubeScore("pod-probes-identical"),
    { name: "Kubernetes documentation", section: "Liveness, Readiness, and Startup Probes" },
  ],
  levels: levels("advisory", "advisory"),
  model: podWorkload,
  why: "When both ask the same at the same pace, a container under load is restarted where it should only get less to do.",
  remediation: "Let the liveness probe ask something that only a hanging process fails, or raise its failureThreshold.",
  *check(workload) {
    for (const container of workload.containers) {
      const live = container.at("livenessProbe");
      yield container.fails(
        "is restarted as soon as it is not ready",
        live,
        () =>
          live.present() &&
          HANDLERS.some((handler) => live.at(handler).present()) &&
          HANDLERS.every((handler) => sameValue(live.at(handler), container.at(`readinessProbe.${handler}`))) &&
          patience(container, "livenessProbe") <= patience(container, "readinessProbe") &&
          isProbed(workload, container),
      );
    }
  },
});

const HANDLERS = ["httpGet", "tcpSocket", "exec", "grpc"];

/** Seconds from the first failed probe to the act, with the defaults of Kubernetes. */
function patience(container: Part, probe: string): number {
  const field = (name: string, normal: number) => container.at(`${probe}.${name}`).number() ?? normal;
  return field("failureThreshold", 3) * field("periodSeconds", 10);
}
