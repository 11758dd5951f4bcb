import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

export const k8sHostPorts = defineRule({
  id: "k8s-host-ports",
  title: "No container takes a port of its node",
  severity: "medium",
  standards: [podSecurity("baseline", "hostPorts"), ...cisKubernetes("5.2.13"), ...checkov("CKV_K8S_26")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "A port of the node passes by every network policy, and only one pod on a node can have it.",
  remediation: "Remove hostPort. Publish the port with a Service or an Ingress.",
  *check({ containers }) {
    for (const container of containers) {
      for (const port of container.at("ports").items()) {
        const hostPort = port.at("hostPort");
        yield container.fails("takes a port of its node", hostPort, () => hostPort.present() && hostPort.read() !== 0);
      }
    }
  },
});
