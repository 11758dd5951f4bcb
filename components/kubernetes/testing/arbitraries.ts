import fc from "fast-check";
import { partial, variables } from "../../model/testing/arbitraries";
import { Router } from "../../release/compile/target";
import type { KubernetesDeployerArgs } from "../deployer/args";
import { type JobSchedule, type KubernetesJobArgs, OnOverlap } from "../job/args";
import { type KubernetesNamespaceArgs, PodSecurityLevel } from "../namespace/args";
import { type ArgoRolloutsArgs, type KubernetesPlatformArgs, ServiceType, type TraefikArgs } from "../platform/args";
import type { ServicePeer } from "../service/args";

// Generators of arguments that are accepted: every setting present or absent.

const cpu = fc.constantFrom("0.05", "250m", "4");
const memory = fc.constantFrom("64MiB", "1GiB", "512MB");
const resources = partial({ cpu, memory });
const count = fc.integer({ min: 0, max: 1000 });
const copies = fc.integer({ min: 1, max: 3 });
const wholeSeconds = fc.integer({ min: 10, max: 86_400 }).map((seconds) => `${seconds}s`);
const labels = fc.constant({ team: "shop", "example.com/cost-centre": "4711" });
const digest = `sha256:${"a".repeat(64)}`;

/** Who is on the other end of a connection. */
export const peers: fc.Arbitrary<ServicePeer[]> = fc.array(
  fc.constantFrom<ServicePeer>(
    { service: "web" },
    { namespace: "tools", ports: [5432, 65535] },
    { service: "web", namespace: "tools" },
    { cidr: "10.0.0.0/8", ports: [1] },
    { cidr: "2001:db8::/32" },
  ),
  { maxLength: 3 },
);

const schedule: fc.Arbitrary<JobSchedule> = fc.record(
  {
    cron: fc.constantFrom("30 2 * * *", "*/15 9-17 1,15 jan-jun mon"),
    timeZone: fc.constant("Europe/Berlin"),
    onOverlap: fc.constantFrom(...Object.values(OnOverlap)),
    startingDeadline: wholeSeconds,
    keepSucceeded: count,
    keepFailed: count,
    suspended: fc.boolean(),
  },
  { requiredKeys: ["cron"] },
);

export const jobs: fc.Arbitrary<KubernetesJobArgs> = fc
  .tuple(
    fc.record(
      {
        image: fc.constant(`registry.example.com/shop@${digest}`),
        command: fc.constant<string[]>(["npm", "run", "migrate"]),
        env: variables,
        secrets: fc.constant({ token: "hunter2", "tls.crt": "hunter2" }),
        resources,
        timeout: wholeSeconds,
        retries: count,
        stopTimeout: wholeSeconds,
        to: peers,
        user: fc.constant("65532:65532"),
        scratch: fc.constantFrom({}, { "/tmp": "1GiB", "/var/tmp": "500MB" }),
        serviceAccountAnnotations: fc.constant({ "example.com/role": "migrations" }),
        imagePullSecrets: fc.constant<string[]>(["registry"]),
      },
      { requiredKeys: ["image"] },
    ),
    fc.oneof(partial({ rerun: count }), fc.record({ schedule })),
  )
  .map(([job, when]) => ({ ...job, ...when }));

const level = fc.constantFrom(...Object.values(PodSecurityLevel));

export const namespaces: fc.Arbitrary<KubernetesNamespaceArgs> = partial<KubernetesNamespaceArgs>({
  labels,
  annotations: fc.constant({ "example.com/owner": "the shop's team" }),
  podSecurity: partial({ enforce: level, audit: level, warn: level, version: fc.constantFrom("latest", "v1.30") }),
  network: partial({ denyIngress: fc.boolean(), denyEgress: fc.boolean(), allowDns: fc.boolean() }),
  quota: partial({ cpu, memory, storage: memory, pods: count, loadBalancers: count, nodePorts: count }),
  limits: partial({
    defaultCpu: fc.constant("0.05"),
    defaultMemory: fc.constant("64MiB"),
    maxCpu: cpu.filter((most) => most !== "0.05"),
    maxMemory: fc.constantFrom("1GiB", "512MB"),
  }),
});

export const deployers: fc.Arbitrary<KubernetesDeployerArgs> = fc
  .tuple(
    fc.record(
      {
        namespaces: fc.constantFrom<string[]>(["default"], ["default", "kube-system"]),
        accountNamespace: fc.constant("default"),
        users: fc.constant<string[]>(["ci@example.com"]),
        groups: fc.constant<string[]>(["deployers"]),
      },
      { requiredKeys: ["namespaces"] },
    ),
    fc.constantFrom<Pick<KubernetesDeployerArgs, "token" | "server">>(
      {},
      { token: true, server: "https://cluster.example.com:6443" },
    ),
  )
  .map(([args, token]) => ({ ...args, ...token }));

const argoRollouts = partial<ArgoRolloutsArgs>({
  image: fc.constant(`registry.example.com/argo-rollouts@${digest}`),
  replicas: copies,
  resources,
});

const balanced = {
  serviceType: fc.constantFrom(ServiceType.loadBalancer, ServiceType.clusterIp),
  serviceAnnotations: fc.constant({ "example.com/scheme": "internal" }),
};
// The part of the usual range that no cluster gives away by itself.
const onNodes = { serviceType: fc.constant(ServiceType.nodePort), webNodePort: fc.constant(30_080) };
const router = { replicas: copies, resources, stopDelay: wholeSeconds, stopTimeout: wholeSeconds };
const traefik = fc.oneof(
  partial<TraefikArgs>({ ...router, ...balanced }),
  fc.record<TraefikArgs, "serviceType">({ ...router, ...onNodes }, { requiredKeys: ["serviceType"] }),
);

/** Without its own namespace and definitions. */
export const platforms: fc.Arbitrary<KubernetesPlatformArgs> = fc
  .tuple(
    fc.subarray(Object.values(Router)),
    argoRollouts,
    traefik,
    partial({
      scrapeInterval: wholeSeconds,
      retention: fc.constantFrom("1h", "15d"),
      storage: fc.record({ size: memory, storageClass: fc.constant("fast") }, { requiredKeys: ["size"] }),
      resources,
      verifyKubelets: fc.boolean(),
    }),
  )
  .map(([routers, argo, proxy, prometheus]) => ({
    routers,
    argoRollouts: {
      ...argo,
      ...(routers.includes(Router.gatewayApi) && {
        gatewayApiPlugin: { location: "https://example.com/gateway-api-plugin", sha256: "a".repeat(64) },
      }),
    },
    ...(routers.includes(Router.traefik) && { traefik: proxy }),
    prometheus,
  }));
