import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { kubeLinter, kubeScore } from "../../core/standard";
import { podWorkload } from "../../model/podspec";
import { runsCopies } from "../../model/selection";

export const qSpread = defineRule({
  id: "q-spread",
  title: "Copies are spread over zones or nodes",
  severity: "low",
  standards: [
    ...kubeLinter("no-anti-affinity"),
    ...kubeScore(
      "deployment-has-host-podantiaffinity",
      "statefulset-has-host-podantiaffinity",
      "pod-topology-spread-constraints",
    ),
  ],
  levels: levels("off", "advisory"),
  model: podWorkload,
  why: "Copies that lie on one node go down with it.",
  remediation: "Add topologySpreadConstraints over topology.kubernetes.io/zone, or a podAntiAffinity.",
  *check(workload) {
    if (!runsCopies(workload)) return;
    const { pod, object } = workload;
    const spread = pod.at("topologySpreadConstraints");
    const apart = pod.at("affinity.podAntiAffinity");
    yield pod.fails("may lie on one node with all other copies", spread, () => {
      const copies = object.at("spec.replicas").read();
      return typeof copies === "number" && copies >= 2 && !spread.hasItems() && !apart.present();
    });
  },
});
