/** Parts of a pod that meets every rule of pods in production; tests break the one they are about. */
export const goodMetadata = {
  namespace: "shop",
  labels: { owner: "shop-team", service: "shop", environment: "production", "cost-center": "4711" },
};

export const goodContainer = {
  name: "web",
  image: `registry.example/shop@sha256:${"a".repeat(64)}`,
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
  readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
};

export const goodSpec = {
  serviceAccountName: "shop",
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
};
