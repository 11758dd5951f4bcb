/** The objects of the default canary of a service with four copies behind Traefik, beside its AnalysisTemplates. */
export const defaultCanaryObjects = {
  "kubernetes:core/v1:ServiceAccount shop-service-account": {
    apiVersion: "v1",
    automountServiceAccountToken: false,
    kind: "ServiceAccount",
    metadata: {
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
  },
  "kubernetes:traefik.io/v1alpha1:IngressRoute shop-route": {
    apiVersion: "traefik.io/v1alpha1",
    kind: "IngressRoute",
    metadata: {
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
    spec: {
      entryPoints: ["web"],
      routes: [
        { kind: "Rule", match: "Host(`shop.example.com`)", services: [{ kind: "TraefikService", name: "shop" }] },
      ],
    },
  },
  "kubernetes:traefik.io/v1alpha1:TraefikService shop-weights": {
    apiVersion: "traefik.io/v1alpha1",
    kind: "TraefikService",
    metadata: {
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
    spec: {
      weighted: {
        services: [
          { name: "shop", port: 80, weight: 100 },
          { name: "shop-canary", port: 80, weight: 0 },
        ],
      },
    },
  },
  "kubernetes:core/v1:Service shop-service": {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      annotations: { "pulumi.com/skipAwait": "true" },
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
    spec: {
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }],
      selector: { "app.kubernetes.io/name": "shop" },
      type: "ClusterIP",
    },
  },
  "kubernetes:core/v1:Service shop-canary": {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      annotations: { "pulumi.com/skipAwait": "true" },
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop-canary",
      namespace: "store",
    },
    spec: {
      ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http" }],
      selector: { "app.kubernetes.io/name": "shop" },
      type: "ClusterIP",
    },
  },
  "kubernetes:core/v1:ConfigMapPatch shop-config": {
    apiVersion: "v1",
    data: { LOG_LEVEL: "info" },
    immutable: true,
    kind: "ConfigMap",
    metadata: {
      annotations: { "pulumi.com/patchFieldManager": "headgate-config" },
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/config": "true",
        "headgate.dev/service": "shop",
      },
      name: "shop-config-ce705679c6",
      namespace: "store",
    },
  },
  "kubernetes:policy/v1:PodDisruptionBudget shop-disruption-budget": {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: {
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
    spec: {
      maxUnavailable: "25%",
      selector: { matchLabels: { "app.kubernetes.io/name": "shop", "headgate.dev/serves": "true" } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  },
  "kubernetes:networking.k8s.io/v1:NetworkPolicy shop-network-policy": {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
    spec: {
      ingress: [{ ports: [{ port: "http", protocol: "TCP" }] }],
      podSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
      policyTypes: ["Ingress"],
    },
  },
  "kubernetes:argoproj.io/v1alpha1:Rollout shop": {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: {
      annotations: { "pulumi.com/skipAwait": "true" },
      labels: {
        "app.kubernetes.io/managed-by": "headgate",
        "app.kubernetes.io/name": "shop",
        "headgate.dev/service": "shop",
      },
      name: "shop",
      namespace: "store",
    },
    spec: {
      progressDeadlineAbort: true,
      progressDeadlineSeconds: 600,
      replicas: 4,
      revisionHistoryLimit: 3,
      rollbackWindow: { revisions: 3 },
      selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
      strategy: {
        canary: {
          abortScaleDownDelaySeconds: 30,
          analysis: {
            args: [
              { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
              { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
            ],
            startingStep: 1,
            templates: [{ templateName: "shop-release" }],
          },
          canaryService: "shop-canary",
          stableMetadata: { labels: { "headgate.dev/serves": "true" } },
          stableService: "shop",
          steps: [
            { setWeight: 10 },
            { pause: { duration: "300s" } },
            {
              analysis: {
                args: [
                  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
                  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
                ],
                templates: [{ templateName: "shop-gate" }],
              },
            },
            { setWeight: 25 },
            { pause: { duration: "300s" } },
            {
              analysis: {
                args: [
                  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
                  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
                ],
                templates: [{ templateName: "shop-gate" }],
              },
            },
            { setWeight: 50 },
            { pause: { duration: "300s" } },
            {
              analysis: {
                args: [
                  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
                  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
                ],
                templates: [{ templateName: "shop-gate" }],
              },
            },
            { setWeight: 75 },
            { pause: { duration: "300s" } },
            {
              analysis: {
                args: [
                  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
                  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
                ],
                templates: [{ templateName: "shop-gate" }],
              },
            },
            { setWeight: 100 },
            { pause: { duration: "300s" } },
            {
              analysis: {
                args: [
                  { name: "canary-hash", valueFrom: { podTemplateHashValue: "Latest" } },
                  { name: "stable-hash", valueFrom: { podTemplateHashValue: "Stable" } },
                ],
                templates: [{ templateName: "shop-gate" }],
              },
            },
          ],
          trafficRouting: { traefik: { weightedTraefikServiceName: "shop" } },
        },
      },
      template: {
        metadata: {
          annotations: { "headgate/retry": "0" },
          labels: {
            "app.kubernetes.io/managed-by": "headgate",
            "app.kubernetes.io/name": "shop",
            "headgate.dev/service": "shop",
          },
        },
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              env: [
                {
                  name: "LOG_LEVEL",
                  valueFrom: { configMapKeyRef: { key: "LOG_LEVEL", name: "shop-config-ce705679c6" } },
                },
              ],
              image:
                "registry.example.com/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              imagePullPolicy: "IfNotPresent",
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              name: "shop",
              ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
              readinessProbe: {
                failureThreshold: 3,
                httpGet: { path: "/ready", port: "http" },
                periodSeconds: 2,
                successThreshold: 3,
                timeoutSeconds: 1,
              },
              resources: { limits: { cpu: "500m", memory: "256Mi" }, requests: { cpu: "500m", memory: "256Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [{ mountPath: "/tmp", name: "headgate-scratch-0" }],
            },
          ],
          enableServiceLinks: false,
          securityContext: {
            fsGroup: 1000,
            fsGroupChangePolicy: "OnRootMismatch",
            runAsGroup: 1000,
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          serviceAccountName: "shop",
          terminationGracePeriodSeconds: 35,
          topologySpreadConstraints: [
            {
              labelSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
              matchLabelKeys: ["rollouts-pod-template-hash", "pod-template-hash"],
              maxSkew: 1,
              topologyKey: "topology.kubernetes.io/zone",
              whenUnsatisfiable: "ScheduleAnyway",
            },
            {
              labelSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
              matchLabelKeys: ["rollouts-pod-template-hash", "pod-template-hash"],
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
            },
          ],
          volumes: [{ emptyDir: { sizeLimit: "64Mi" }, name: "headgate-scratch-0" }],
        },
      },
    },
  },
};
