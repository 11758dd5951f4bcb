import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const k8sSaToken = defineRule({
  id: "k8s-sa-token",
  title: "Pods that do not use the API server hold no token for it",
  severity: "medium",
  standards: [...cisKubernetes("5.1.6"), ...checkov("CKV_K8S_38")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "Whoever breaks into the pod can act in the cluster with the token that lies in it.",
  remediation:
    'Set automountServiceAccountToken to false in the pod. A pod that calls the API server says so with the label headgate.dev/needs-kube-api: "true".',
  *check({ pod, metadata }) {
    const mounted = pod.at("automountServiceAccountToken");
    const needed = metadata.at("labels").entry("headgate.dev/needs-kube-api");
    yield pod.fails(
      "holds a token for the API server",
      mounted,
      () => mounted.read() !== false && needed.read() !== "true",
    );
  },
});
