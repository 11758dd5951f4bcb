import { broken, example, type Fixtures, malformed, noWorkload, pod } from "../../testing/fixtures";

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

export const fixtures: Fixtures = {
  pass: [
    example("a safe one", pod({ securityContext: { sysctls: [{ name: "net.ipv4.tcp_syncookies", value: "1" }] } })),
    example("every safe one", pod({ securityContext: { sysctls: SAFE.map((name) => ({ name, value: "1" })) } })),
  ],
  fail: [
    broken(
      "one that is not safe",
      "spec.securityContext.sysctls[1].name",
      pod({
        securityContext: {
          sysctls: [
            { name: "net.ipv4.tcp_syncookies", value: "1" },
            { name: "kernel.msgmax", value: "1" },
          ],
        },
      }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("a sysctl without a name", "fail", pod({ securityContext: { sysctls: [{}] } })),
    malformed("sysctls as a map", "pass", pod({ securityContext: { sysctls: { a: 1 } } })),
  ],
  wrongKind: [noWorkload(pod({ securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }))],
};
