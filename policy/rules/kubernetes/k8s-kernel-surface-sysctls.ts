import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { podSecurity } from "../../core/standard";
import { podWorkload } from "../../model/podspec";

const SAFE = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_notsent_lowat",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_slow_start_after_idle",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

export const k8sKernelSurfaceSysctls = defineRule({
  id: "k8s-kernel-surface-sysctls",
  title: "Pods set only safe sysctls",
  severity: "high",
  standards: [podSecurity("baseline", "sysctls")],
  levels: levels("mandatory", "mandatory"),
  model: podWorkload,
  why: "An unsafe sysctl changes the kernel for every pod of the node.",
  remediation: "Remove the sysctl, or set it on the nodes.",
  *check({ pod }) {
    for (const sysctl of pod.at("securityContext.sysctls").items()) {
      const name = sysctl.at("name");
      yield pod.fails("sets a sysctl that is not safe", name, () => !SAFE.includes(name.text() ?? ""));
    }
  },
});
