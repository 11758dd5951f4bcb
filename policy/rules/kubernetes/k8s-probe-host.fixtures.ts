import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("the pod itself", podOf({ readinessProbe: { httpGet: { path: "/ready", port: 8080 } } })),
    example("no host", podOf({ livenessProbe: { httpGet: { host: "", port: 8080 } } })),
  ],
  fail: [
    broken(
      "livenessProbe httpGet",
      "spec.containers[0].livenessProbe.httpGet.host",
      podOf({ livenessProbe: { httpGet: { host: "169.254.169.254", port: 8080 } } }),
    ),
    broken(
      "livenessProbe tcpSocket",
      "spec.containers[0].livenessProbe.tcpSocket.host",
      podOf({ livenessProbe: { tcpSocket: { host: "169.254.169.254", port: 8080 } } }),
    ),
    broken(
      "readinessProbe httpGet",
      "spec.containers[0].readinessProbe.httpGet.host",
      podOf({ readinessProbe: { httpGet: { host: "169.254.169.254", port: 8080 } } }),
    ),
    broken(
      "readinessProbe tcpSocket",
      "spec.containers[0].readinessProbe.tcpSocket.host",
      podOf({ readinessProbe: { tcpSocket: { host: "169.254.169.254", port: 8080 } } }),
    ),
    broken(
      "startupProbe httpGet",
      "spec.containers[0].startupProbe.httpGet.host",
      podOf({ startupProbe: { httpGet: { host: "169.254.169.254", port: 8080 } } }),
    ),
    broken(
      "startupProbe tcpSocket",
      "spec.containers[0].startupProbe.tcpSocket.host",
      podOf({ startupProbe: { tcpSocket: { host: "169.254.169.254", port: 8080 } } }),
    ),
    broken(
      "lifecycle.postStart httpGet",
      "spec.containers[0].lifecycle.postStart.httpGet.host",
      podOf({ lifecycle: { postStart: { httpGet: { host: "169.254.169.254", port: 8080 } } } }),
    ),
    broken(
      "lifecycle.postStart tcpSocket",
      "spec.containers[0].lifecycle.postStart.tcpSocket.host",
      podOf({ lifecycle: { postStart: { tcpSocket: { host: "169.254.169.254", port: 8080 } } } }),
    ),
    broken(
      "lifecycle.preStop httpGet",
      "spec.containers[0].lifecycle.preStop.httpGet.host",
      podOf({ lifecycle: { preStop: { httpGet: { host: "169.254.169.254", port: 8080 } } } }),
    ),
    broken(
      "lifecycle.preStop tcpSocket",
      "spec.containers[0].lifecycle.preStop.tcpSocket.host",
      podOf({ lifecycle: { preStop: { tcpSocket: { host: "169.254.169.254", port: 8080 } } } }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("containers that are a map", "pass", pod({ containers: { web: {} } })),
    malformed("a container that is null", "pass", pod({ containers: [null] })),
    malformed("a probe that is a text", "pass", podOf({ livenessProbe: "/" })),
  ],
  wrongKind: [noWorkload(podOf({ livenessProbe: { httpGet: { host: "169.254.169.254", port: 8080 } } }))],
};
