import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

const HOOKS = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
const FIELDS = HOOKS.flatMap((hook) => [`${hook}.httpGet.host`, `${hook}.tcpSocket.host`]);

export const k8sProbeHost = defineRule({
  id: "k8s-probe-host",
  title: "Probes and lifecycle hooks ask the pod itself",
  severity: "medium",
  standards: [podSecurity("baseline", "hostProbesAndhostLifecycle")],
  levels: levels("advisory", "mandatory"),
  model: podWorkload,
  why: "The node's kubelet sends these requests: with a host of its own, a pod makes it ask addresses that the pod could not reach.",
  remediation: "Remove host from the probe or the hook.",
  *check({ containers }) {
    for (const container of containers) {
      for (const field of FIELDS) {
        const host = container.at(field);
        yield container.fails("makes its node ask another host", host, () => host.present() && host.read() !== "");
      }
    }
  },
});
