import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { kubernetesObjects } from "../../model/kubernetes-object";

export const k8sOpaqueHelm = defineRule({
  id: "k8s-opaque-helm",
  title: "Charts are rendered where rules can see their objects",
  severity: "medium",
  standards: [{ name: "Pulumi documentation", section: "Choosing the right Helm resource for your use case" }],
  levels: levels("advisory", "advisory"),
  model: kubernetesObjects("releases of Helm", "helm.sh", "Release"),
  why: "The cluster gets objects from such a release that no rule has looked at.",
  remediation: "Use kubernetes.helm.v4.Chart, whose objects are resources of the stack.",
  *check({ object, part }) {
    yield part.fails("hides its objects from every rule", object.at("chart"), () => object.at("chart").read() !== "");
  },
});
