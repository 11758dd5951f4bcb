import { Router } from "../../release/compile/target";
import type { Child } from "../children";
import { hardenedContainer, hardenedPod } from "../pod/hardened";
import { binding, containerResources, controllerLabels, platformLabels, podSelector, rule, spread } from "./common";
import type { ArgoPlan, PlatformPlan } from "./plan";

/** Name of the controller and of most that belongs to it; Argo's own tools look for it. */
const NAME = "argo-rollouts";
/** Port of the controller's metrics. Source: its default, controller.DefaultMetricsPort. */
export const ARGO_METRICS_PORT = 8090;
const HEALTH_PORT = 8080;
/** User of the official image. */
const USER = 999;
/** Working folder of the official image. Other images have another one, and none that can be written to. */
const WORKING_FOLDER = "/home/argo-rollouts";
/** Where the controller puts its plugins, below its working folder. Source: its defaults.DefaultRolloutPluginFolder. */
const PLUGIN_FOLDER = `${WORKING_FOLDER}/plugin-bin`;

/** The controller of Argo Rollouts and what it may do: what releases need, and what the routers in use need. */
export function argoObjects(argo: ArgoPlan, { namespace, routers }: PlatformPlan): Child[] {
  const labels = platformLabels(NAME);
  const scoped = `${namespace}-${NAME}`;
  const here = { name: NAME, namespace, labels };
  return [
    { kind: "ServiceAccount", role: "argo-account", args: { metadata: here } },
    {
      kind: "ClusterRole",
      role: "argo-role",
      args: {
        metadata: { name: scoped, labels },
        rules: [...RELEASE_RULES, ...routers.flatMap((each) => ROUTER_RULES[each])],
      },
    },
    {
      kind: "ClusterRoleBinding",
      role: "argo-binding",
      args: { metadata: { name: scoped, labels }, ...binding("ClusterRole", scoped, NAME, namespace) },
    },
    { kind: "Role", role: "argo-own-role", args: { metadata: here, rules: OWN_RULES } },
    {
      kind: "RoleBinding",
      role: "argo-own-binding",
      args: { metadata: here, ...binding("Role", NAME, NAME, namespace) },
    },
    ...aggregatedRoles(scoped, labels),
    ...(argo.plugin === undefined ? [] : [pluginConfiguration(argo.plugin, namespace)]),
    {
      kind: "Deployment",
      role: "argo",
      after: ["argo-crds", "argo-binding", "argo-own-binding", "argo-configuration"],
      args: { metadata: here, spec: deployment(argo) },
    },
    {
      kind: "Service",
      role: "argo-metrics",
      // It waits for pods: without any, after an error elsewhere, for ten minutes.
      after: ["argo"],
      args: {
        metadata: { ...here, name: `${NAME}-metrics` },
        spec: {
          selector: podSelector(NAME).matchLabels,
          ports: [{ name: "metrics", port: ARGO_METRICS_PORT, targetPort: "metrics" }],
        },
      },
    },
    ...(argo.replicas < 2
      ? []
      : ([
          {
            kind: "PodDisruptionBudget",
            role: "argo-budget",
            args: { metadata: here, spec: { maxUnavailable: 1, selector: podSelector(NAME) } },
          },
        ] satisfies Child[])),
  ];
}

function deployment(argo: ArgoPlan) {
  const plugins = argo.plugin !== undefined;
  return {
    replicas: argo.replicas,
    selector: podSelector(NAME),
    template: {
      // The controller reads its plugins only at its start.
      metadata: {
        labels: controllerLabels(NAME),
        ...(plugins && { annotations: { "headgate.dev/plugin": JSON.stringify(argo.plugin) } }),
      },
      spec: {
        serviceAccountName: NAME,
        securityContext: hardenedPod(USER),
        topologySpreadConstraints: spread(NAME),
        containers: [
          {
            name: NAME,
            image: argo.image,
            command: ["rollouts-controller"],
            ...(plugins && { workingDir: WORKING_FOLDER }),
            args: [
              "--leader-elect=true",
              `--metricsPort=${ARGO_METRICS_PORT}`,
              `--healthzPort=${HEALTH_PORT}`,
              // Its own default is the group of Traefik 2, with which every release by Traefik stops.
              "--traefik-api-group=traefik.io",
              "--traefik-api-version=traefik.io/v1alpha1",
            ],
            ports: [
              { name: "metrics", containerPort: ARGO_METRICS_PORT },
              { name: "healthz", containerPort: HEALTH_PORT },
            ],
            readinessProbe: { httpGet: { path: "/healthz", port: "healthz" }, periodSeconds: 2, timeoutSeconds: 5 },
            livenessProbe: {
              httpGet: { path: "/healthz", port: "healthz" },
              initialDelaySeconds: 30,
              periodSeconds: 20,
              timeoutSeconds: 10,
            },
            resources: containerResources(argo.resources),
            securityContext: hardenedContainer(),
            volumeMounts: [
              { name: "tmp", mountPath: "/tmp" },
              ...(plugins ? [{ name: "plugins", mountPath: PLUGIN_FOLDER }] : []),
            ],
          },
        ],
        volumes: [{ name: "tmp", emptyDir: {} }, ...(plugins ? [{ name: "plugins", emptyDir: {} }] : [])],
      },
    },
  };
}

function pluginConfiguration(plugin: NonNullable<ArgoPlan["plugin"]>, namespace: string): Child {
  const { location, sha256 } = plugin;
  const entry = { name: "argoproj-labs/gatewayAPI", location, ...(sha256 !== undefined && { sha256 }) };
  return {
    kind: "ConfigMap",
    role: "argo-configuration",
    // The controller reads only this name.
    args: {
      metadata: { name: "argo-rollouts-config", namespace, labels: platformLabels(NAME) },
      data: { trafficRouterPlugins: JSON.stringify([entry]) },
    },
  };
}

/** People who may see or change what is in a namespace may see or change its releases too. */
function aggregatedRoles(scoped: string, labels: Record<string, string>): Child[] {
  const resources =
    "rollouts rollouts/scale rollouts/status experiments analysistemplates clusteranalysistemplates analysisruns";
  const roles = { view: "get list watch", edit: "create delete deletecollection patch update" };
  return Object.entries(roles).map(([role, verbs]) => ({
    kind: "ClusterRole",
    role: `argo-${role}`,
    args: {
      metadata: {
        name: `${scoped}-${role}`,
        labels: { ...labels, [`rbac.authorization.k8s.io/aggregate-to-${role}`]: "true" },
      },
      rules: [rule("argoproj.io", resources, verbs)],
    },
  }));
}

/** In its own namespace: one leader, its configuration, and the secret of its notifications. */
const OWN_RULES = [
  rule("coordination.k8s.io", "leases", "create get update"),
  rule("", "configmaps secrets", "get list watch"),
];

/** Everywhere: what the controller watches and changes for releases by steps, gates and analyses. */
const RELEASE_RULES = [
  rule("argoproj.io", "rollouts rollouts/status rollouts/finalizers", "get list watch update patch"),
  rule("argoproj.io", "analysisruns analysisruns/finalizers", "create get list watch update patch delete"),
  rule("argoproj.io", "experiments", "get list watch"),
  rule("argoproj.io", "analysistemplates clusteranalysistemplates", "get list watch"),
  rule("apps", "replicasets", "create get list watch update patch delete"),
  rule("", "services", "get list watch patch"),
  rule("", "pods", "list watch update"),
  rule("", "pods/eviction", "create"),
  rule("", "events", "create update patch"),
  rule("batch", "jobs", "create get list watch update patch delete"),
  // It watches them whatever the router is.
  rule("networking.k8s.io", "ingresses", "get list watch"),
];

/** What it changes beside, by router. Source: the calls of rollout/trafficrouting in 1.9.1, and of the plugin. */
const ROUTER_RULES: Record<Router, ReturnType<typeof rule>[]> = {
  [Router.none]: [],
  [Router.traefik]: [rule("traefik.io", "traefikservices", "get list watch update")],
  [Router.nginx]: [rule("networking.k8s.io", "ingresses", "create update patch")],
  [Router.istio]: [rule("networking.istio.io", "virtualservices destinationrules", "get list watch update patch")],
  [Router.alb]: [
    rule("networking.k8s.io", "ingresses", "update patch"),
    rule("elbv2.k8s.aws", "targetgroupbindings", "get list"),
    rule("", "endpoints", "get"),
  ],
  // By name, each time. The plugin's versions before 0.13 also wrote ConfigMaps, in every namespace.
  [Router.gatewayApi]: [rule("gateway.networking.k8s.io", "httproutes", "get update")],
};
