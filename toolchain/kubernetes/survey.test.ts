import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { imageVersion, missingPieces, pieceState, surveyOf } from "./survey";

const labels = (name: string) => ({ "app.kubernetes.io/name": name });

function pod(name: string, image: string, status: NonNullable<V1Pod["status"]>, edit: V1Pod["metadata"] = {}): V1Pod {
  return {
    metadata: { name: `${name}-1`, namespace: "headgate", labels: labels(name), ...edit },
    spec: { containers: [{ name, image }] },
    status,
  };
}
const READY = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

const service = (name: string, spec: NonNullable<V1Service["spec"]>, status: V1Service["status"] = {}): V1Service => ({
  metadata: { name, namespace: "headgate", labels: labels(name) },
  spec,
  status,
});

test("the pieces of a platform are told by their pods, with version and what keeps them from being ready", () => {
  const waiting = { reason: "ErrImagePull", message: "no such image" };
  const stuck = {
    phase: "Pending",
    containerStatuses: [{ name: "traefik", ready: false, image: "", imageID: "", restartCount: 0, state: { waiting } }],
  };
  const survey = surveyOf(
    [
      pod("argo-rollouts", "quay.io/argoproj/argo-rollouts:v1.9.1@sha256:15c0", READY),
      pod("argo-rollouts", "quay.io/argoproj/argo-rollouts:v1.8.0", READY, { deletionTimestamp: new Date() }),
      pod("traefik", "headgate/traefik:v3.6.7-0123456789ab", READY),
      pod("traefik", "headgate/traefik:v3.6.7-0123456789ab", stuck),
    ],
    [],
  );
  expect(survey.pieces.map((piece) => [piece.name, piece.version, pieceState(piece)])).toEqual([
    ["argo-rollouts", "v1.9.1", "1 of 1 pods ready"],
    ["traefik", "v3.6.7", '1 of 2 pods ready; container "traefik" ErrImagePull, no such image'],
  ]);
  expect(missingPieces(survey)).toEqual(["prometheus"]);
});

test("a piece without a ready pod is missing", () => {
  const survey = surveyOf([pod("prometheus", "prom/prometheus", { phase: "Pending" })], []);
  expect(survey.pieces).toMatchObject([{ name: "prometheus", version: "", readyPods: 0 }]);
  expect(missingPieces(survey)).toContain("prometheus");
});

test("the router is reached by its port of the nodes or its load balancer, Prometheus by its Service", () => {
  const web = { name: "web", port: 80, nodePort: 30080 };
  const secure = { name: "websecure", port: 443, nodePort: 31111 };
  const asked = service("prometheus", { ports: [{ port: 9090 }] });
  expect(surveyOf([], [service("traefik", { ports: [secure, web] }), asked])).toMatchObject({
    routerPort: 30080,
    prometheus: "http://prometheus.headgate.svc:9090",
  });
  const balanced = service("traefik", { ports: [web] }, { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } });
  expect(surveyOf([], [balanced]).routerHost).toBe("203.0.113.7");
  const none = surveyOf([], [service("prometheus", { ports: [{ port: 80 }] })]);
  expect(none).toEqual({ pieces: [] });
});

test.each([
  ["docker.io/library/traefik:v3.6.7@sha256:a989", "v3.6.7"],
  ["registry.example.com:5000/prom/prometheus:v3.13.0", "v3.13.0"],
  ["registry.example.com:5000/prom/prometheus", ""],
  ["headgate/argo-rollouts:v1.9.1-0123456789ab", "v1.9.1"],
  ["headgate/prometheus:v0.313.0-0123456789ab", "v3.13.0"],
  ["headgate/prometheus:v0.305.1-0123456789ab", "v3.5.1"],
  ["traefik:latest", ""],
])("the version of %s is %s", (image, version) => {
  expect(imageVersion(image)).toBe(version);
});
