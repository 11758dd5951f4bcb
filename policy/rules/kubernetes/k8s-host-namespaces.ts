import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

const SHARED = [
  ["hostNetwork", "shares its node's network"],
  ["hostPID", "sees its node's processes"],
  ["hostIPC", "shares its node's memory"],
] as const;

export const k8sHostNamespaces = defineRule({
  id: "k8s-host-namespaces",
  title: "Pods share no namespace with their node",
  severity: "critical",
  standards: [
    podSecurity("baseline", "hostNamespaces"),
    ...cisKubernetes("5.2.3", "5.2.4", "5.2.5"),
    ...checkov("CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19"),
  ],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "Such a pod sees the node's processes, its shared memory or its network, and everything that listens only there.",
  remediation: "Remove hostNetwork, hostPID and hostIPC. Reach other pods through a Service.",
  *check({ pod }) {
    for (const [name, what] of SHARED) {
      const shared = pod.at(name);
      yield pod.fails(what, shared, () => shared.read() === true);
    }
  },
});
