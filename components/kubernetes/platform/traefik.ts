import type { Child } from "../children";
import { hardenedContainer, hardenedPod } from "../pod/hardened";
import { ServiceType } from "./args";
import { binding, containerResources, controllerLabels, platformLabels, podSelector, rule, spread } from "./common";
import type { PlatformPlan, TraefikPlan } from "./plan";

export const TRAEFIK = "traefik";
/** Ports of the containers; all above 1024, since nothing runs as root. */
export const TRAEFIK_PORTS = { web: 8000, websecure: 8443, metrics: 9100, ping: 8080 } as const;
/** Any user: the official image brings none of its own. */
const USER = 65532;
/** Time between two probes; a copy that stops has lost its traffic after the third. */
const PROBE_SECONDS = 2;

/** Traefik with what it may read, its entry points, and its counters of requests by service. */
export function traefikObjects(traefik: TraefikPlan, { namespace }: PlatformPlan): Child[] {
  const labels = platformLabels(TRAEFIK);
  const scoped = `${namespace}-${TRAEFIK}`;
  const here = { name: TRAEFIK, namespace, labels };
  const annotations = traefik.serviceAnnotations;
  const port = (name: "web" | "websecure", number: number) => ({
    name,
    port: number,
    targetPort: name,
    ...(traefik.nodePorts[name] !== undefined && { nodePort: traefik.nodePorts[name] }),
  });
  return [
    { kind: "ServiceAccount", role: "traefik-account", args: { metadata: here } },
    { kind: "ClusterRole", role: "traefik-role", args: { metadata: { name: scoped, labels }, rules: RULES } },
    {
      kind: "ClusterRoleBinding",
      role: "traefik-binding",
      args: { metadata: { name: scoped, labels }, ...binding("ClusterRole", scoped, TRAEFIK, namespace) },
    },
    {
      kind: "IngressClass",
      role: "traefik-class",
      args: { metadata: { name: TRAEFIK, labels }, spec: { controller: "traefik.io/ingress-controller" } },
    },
    {
      kind: "Deployment",
      role: "traefik",
      after: ["traefik-crds", "traefik-binding"],
      args: { metadata: here, spec: deployment(traefik, namespace) },
    },
    {
      kind: "Service",
      role: "traefik-service",
      // It waits for pods: without any, after an error elsewhere, for ten minutes.
      after: ["traefik"],
      args: {
        metadata: { ...here, ...(Object.keys(annotations).length > 0 && { annotations }) },
        spec: {
          type: traefik.serviceType,
          selector: podSelector(TRAEFIK).matchLabels,
          ports: [port("web", 80), port("websecure", 443)],
        },
      },
    },
    ...(traefik.replicas < 2
      ? []
      : ([
          {
            kind: "PodDisruptionBudget",
            role: "traefik-budget",
            args: { metadata: here, spec: { maxUnavailable: 1, selector: podSelector(TRAEFIK) } },
          },
        ] satisfies Child[])),
  ];
}

function deployment(traefik: TraefikPlan, namespace: string) {
  const probe = { httpGet: { path: "/ping", port: "ping" }, periodSeconds: PROBE_SECONDS, timeoutSeconds: 2 };
  return {
    replicas: traefik.replicas,
    // A new copy is ready before an old one goes.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: podSelector(TRAEFIK),
    template: {
      metadata: { labels: controllerLabels(TRAEFIK) },
      spec: {
        serviceAccountName: TRAEFIK,
        securityContext: hardenedPod(USER),
        topologySpreadConstraints: spread(TRAEFIK),
        terminationGracePeriodSeconds: traefik.stopDelaySeconds + traefik.stopTimeoutSeconds + 5,
        containers: [
          {
            name: TRAEFIK,
            image: traefik.image,
            command: ["traefik"],
            args: traefikFlags(traefik, namespace),
            ports: Object.entries(TRAEFIK_PORTS).map(([name, containerPort]) => ({ name, containerPort })),
            readinessProbe: { ...probe, failureThreshold: 1 },
            livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 3 },
            resources: containerResources(traefik.resources),
            securityContext: hardenedContainer(),
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          },
        ],
        volumes: [{ name: "tmp", emptyDir: {} }],
      },
    },
  };
}

/** Command line of Traefik. Source: its reference of static options, version 3.6. */
function traefikFlags(traefik: TraefikPlan, namespace: string): string[] {
  const entryPoint = (name: "web" | "websecure") => {
    const lifecycle = `--entrypoints.${name}.transport.lifecycle`;
    return [
      `--entrypoints.${name}.address=:${TRAEFIK_PORTS[name]}`,
      `${lifecycle}.requestacceptgracetimeout=${traefik.stopDelaySeconds}s`,
      `${lifecycle}.gracetimeout=${traefik.stopTimeoutSeconds}s`,
    ];
  };
  const published =
    traefik.serviceType === ServiceType.loadBalancer
      ? [`--providers.kubernetesingress.ingressendpoint.publishedservice=${namespace}/${TRAEFIK}`]
      : [];
  return [
    "--global.checknewversion=false",
    "--global.sendanonymoususage=false",
    "--log.format=json",
    ...entryPoint("web"),
    ...entryPoint("websecure"),
    "--entrypoints.websecure.http.tls=true",
    `--entrypoints.metrics.address=:${TRAEFIK_PORTS.metrics}`,
    `--entrypoints.ping.address=:${TRAEFIK_PORTS.ping}`,
    "--ping.entrypoint=ping",
    "--metrics.prometheus=true",
    "--metrics.prometheus.entrypoint=metrics",
    "--metrics.prometheus.addserviceslabels=true",
    "--providers.kubernetescrd=true",
    // A version that has no pods yet must not take the routes of the other one away.
    "--providers.kubernetescrd.allowemptyservices=true",
    "--providers.kubernetesingress=true",
    "--providers.kubernetesingress.allowemptyservices=true",
    `--providers.kubernetesingress.ingressclass=${TRAEFIK}`,
    ...published,
  ];
}

/** What Traefik reads. It looks for the secrets of certificates in every namespace, and is told nothing less. */
const RULES = [
  rule("", "services secrets nodes configmaps", "get list watch"),
  rule("discovery.k8s.io", "endpointslices", "list watch"),
  rule("networking.k8s.io", "ingresses ingressclasses", "get list watch"),
  rule("networking.k8s.io", "ingresses/status", "update"),
  rule(
    "traefik.io",
    "middlewares middlewaretcps ingressroutes traefikservices ingressroutetcps ingressrouteudps tlsoptions tlsstores " +
      "serverstransports serverstransporttcps",
    "get list watch",
  ),
];
