import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule, type Stack } from "../../core/rule";
import { cisGke, cisKubernetes } from "../../core/standard";
import { kubernetesObjects } from "../../model/kubernetes-object";
import { isOfSystem, namespaces } from "../../model/namespace";
import { podWorkload } from "../../model/podspec";
import { inNamespace, nameOf } from "../../model/selection";

const networkPolicies = kubernetesObjects("network policies", "networking.k8s.io", "NetworkPolicy");

export const k8sNamespaceGuard = defineStackRule({
  id: "k8s-namespace-guard",
  title: "Namespaces refuse dangerous pods and connections that no policy allows",
  severity: "high",
  standards: [...cisKubernetes("5.2.1", "5.3.2", "5.7.4"), ...cisGke("4.2.1")],
  levels: levels("advisory", "mandatory"),
  why: "Without its own guard a namespace takes whatever anybody applies to it, and its pods talk to everything.",
  remediation:
    "Label the namespace with pod-security.kubernetes.io/enforce: restricted, and add a NetworkPolicy that selects all pods and allows nothing. Give workloads a namespace of their own.",
  *check(stack) {
    for (const namespace of stack.of(namespaces)) {
      const { object, part } = namespace;
      const enforced = object.at("metadata.labels").entry("pod-security.kubernetes.io/enforce");
      yield part.fails(
        "admits any pod",
        enforced,
        () => !["baseline", "restricted"].includes(enforced.text() ?? "") && !isOfSystem(nameOf(namespace)),
      );
      if (object.origin.partial) continue;
      yield part.fails(
        "lets its pods take connections from anywhere",
        object.at("metadata.name"),
        () => !deniesByDefault(stack, nameOf(namespace)) && !isOfSystem(nameOf(namespace)),
      );
    }
    for (const { object } of stack.of(podWorkload)) {
      const namespace = object.at("metadata.namespace");
      yield new Part(object, "the workload").fails(
        "runs in the default namespace",
        namespace,
        () => namespace.read() === "default",
      );
    }
  },
});

const deniesByDefault = (stack: Stack, name: string): boolean =>
  inNamespace(stack, networkPolicies, name, ({ object }) => {
    const spec = object.at("spec");
    const all = ["podSelector.matchLabels", "podSelector.matchExpressions", "ingress"].every((field) =>
      isEmpty(spec.at(field)),
    );
    return all && isOfIngress(spec.at("policyTypes"));
  });

const isEmpty = (cursor: Cursor): boolean =>
  !cursor.present() || (cursor.entries().length === 0 && cursor.items().length === 0);

/** Without types, a policy is one of ingress. */
const isOfIngress = (types: Cursor): boolean => !types.present() || types.some((type) => type.read() === "Ingress");
