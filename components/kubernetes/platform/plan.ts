import { parseDuration } from "../../model/duration";
import { refuse } from "../../model/errors";
import { checkName } from "../../model/names";
import { describeKind, describeValue, type Problem } from "../../model/problem";
import { Router } from "../../release/compile/target";
import { DEFAULT_SCRAPE_SECONDS } from "../cluster/defaults";
import type { NeededCrd } from "../cluster/preflight-inputs";
import { checkArgs } from "../fields";
import {
  type ComputeResources,
  type GatewayApiPlugin,
  type KubernetesPlatformArgs,
  type PrometheusStorage,
  ServiceType,
} from "./args";
import { ARGO_CRDS, TRAEFIK_CRDS } from "./crd-sources";
import { type CrdSource, crdSource } from "./crds";
import { DEFAULT_IMAGES } from "./default-images";
import { platformSchema } from "./schema";

/** What the controllers that are installed have in common. */
interface InstalledPlan {
  image: string;
  replicas: number;
  resources: Required<ComputeResources>;
  crds: CrdSource;
  keepCrds: boolean;
}

/** Argo Rollouts as it is installed. */
export interface ArgoPlan extends InstalledPlan {
  plugin?: GatewayApiPlugin;
}

/** Traefik as it is installed. */
export interface TraefikPlan extends InstalledPlan {
  serviceType: ServiceType;
  serviceAnnotations: Record<string, string>;
  nodePorts: { web?: number; websecure?: number };
  stopDelaySeconds: number;
  stopTimeoutSeconds: number;
}

/** Prometheus as it is installed. */
export interface PrometheusPlan {
  image: string;
  resources: Required<ComputeResources>;
  retentionSeconds: number;
  storage?: PrometheusStorage;
  verifyKubelets: boolean;
}

/** A platform with all defaults filled in. A piece that is absent is not installed. */
export interface PlatformPlan {
  namespace: string;
  makesNamespace: boolean;
  /** Labels of its objects beside those that Headgate gives. */
  labels: Record<string, string>;
  /** Each once. */
  routers: Router[];
  argo?: ArgoPlan;
  traefik?: TraefikPlan;
  prometheus?: PrometheusPlan;
  scrapeSeconds: number;
  /** CRDs that must be there already. */
  neededCrds: NeededCrd[];
}

/** Fills in the defaults and checks everything a platform is told. Throws ArgumentError with every problem. */
export function planPlatform(name: string, args: KubernetesPlatformArgs): PlatformPlan {
  const shape = [...checkName(name), ...checkArgs(platformSchema, args)];
  refuse("KubernetesPlatform", name, shape);
  const { namespace = {}, routers = [Router.traefik], argoRollouts = {}, traefik = {}, prometheus = {} } = args;
  const problems: Problem[] = [
    ...uselessSettings("argoRollouts", argoRollouts, ["install"]),
    ...uselessSettings("traefik", traefik, ["install"]),
    ...prometheusProblems(prometheus),
    ...routerProblems(args, routers),
    ...nodePortProblems(traefik),
  ];
  const installsArgo = argoRollouts.install !== false;
  const installsTraefik = traefik.install !== false && routers.includes(Router.traefik);
  const installsPrometheus = prometheus.install ?? prometheus.address === undefined;
  const plan: PlatformPlan = {
    namespace: namespace.name ?? "headgate",
    makesNamespace: namespace.install !== false,
    labels: args.labels ?? {},
    routers: [...new Set(routers)],
    scrapeSeconds:
      prometheus.scrapeInterval === undefined ? DEFAULT_SCRAPE_SECONDS : parseDuration(prometheus.scrapeInterval),
    neededCrds: neededCrds(routers, installsArgo, installsTraefik),
    ...(installsArgo && {
      argo: {
        image: argoRollouts.image ?? DEFAULT_IMAGES.argo,
        replicas: argoRollouts.replicas ?? 2,
        resources: { cpu: "0.1", memory: "256MiB", ...argoRollouts.resources },
        crds: crdSource(argoRollouts.crds, ARGO_CRDS, "argoRollouts.crds", problems),
        keepCrds: argoRollouts.keepCrds !== false,
        ...(argoRollouts.gatewayApiPlugin !== undefined && { plugin: argoRollouts.gatewayApiPlugin }),
      },
    }),
    ...(installsTraefik && {
      traefik: {
        image: traefik.image ?? DEFAULT_IMAGES.traefik,
        replicas: traefik.replicas ?? 2,
        resources: { cpu: "0.25", memory: "256MiB", ...traefik.resources },
        crds: crdSource(traefik.crds, TRAEFIK_CRDS, "traefik.crds", problems),
        keepCrds: traefik.keepCrds !== false,
        serviceType: traefik.serviceType ?? ServiceType.loadBalancer,
        serviceAnnotations: traefik.serviceAnnotations ?? {},
        nodePorts: {
          ...(traefik.webNodePort !== undefined && { web: traefik.webNodePort }),
          ...(traefik.websecureNodePort !== undefined && { websecure: traefik.websecureNodePort }),
        },
        stopDelaySeconds: parseDuration(traefik.stopDelay ?? "10s"),
        stopTimeoutSeconds: parseDuration(traefik.stopTimeout ?? "30s"),
      },
    }),
    ...(installsPrometheus && {
      prometheus: {
        image: prometheus.image ?? DEFAULT_IMAGES.prometheus,
        resources: { cpu: "0.25", memory: "1GiB", ...prometheus.resources },
        retentionSeconds: parseDuration(prometheus.retention ?? "15d"),
        ...(prometheus.storage !== undefined && { storage: prometheus.storage }),
        verifyKubelets: prometheus.verifyKubelets === true,
      },
    }),
  };
  refuse("KubernetesPlatform", name, problems);
  return plan;
}

/** Settings of something that is not installed. */
function uselessSettings(path: string, settings: { install?: boolean }, allowed: string[]): Problem[] {
  if (settings.install !== false) return [];
  return Object.keys(settings)
    .filter((key) => !allowed.includes(key))
    .map((key) => ({
      path: `${path}.${key}`,
      problem: "has no effect, since install is false",
      fix: "Remove one of them",
    }));
}

function prometheusProblems(prometheus: NonNullable<KubernetesPlatformArgs["prometheus"]>): Problem[] {
  if (prometheus.install === true && prometheus.address !== undefined) {
    const problem = "is set, and install is true";
    return [{ path: "prometheus.address", problem, got: describeKind(prometheus.address), fix: "Remove one of them" }];
  }
  const there = prometheus.install ?? prometheus.address === undefined;
  if (there) return [];
  return uselessSettings("prometheus", { ...prometheus, install: false }, ["install", "address", "scrapeInterval"]).map(
    (problem) => ({ ...problem, problem: "has no effect, since no Prometheus is installed" }),
  );
}

function routerProblems({ traefik, argoRollouts = {} }: KubernetesPlatformArgs, routers: Router[]): Problem[] {
  const problems: Problem[] = [];
  const byPlugin = routers.includes(Router.gatewayApi);
  if (traefik !== undefined && !routers.includes(Router.traefik)) {
    const fix = 'Add "traefik" to routers, or remove it';
    problems.push({ path: "traefik", problem: "is set, and is not among the routers", fix });
  }
  if (byPlugin && argoRollouts.install !== false && argoRollouts.gatewayApiPlugin === undefined) {
    const fix = "Give its location: Argo Rollouts moves the traffic of HTTPRoutes only with it";
    problems.push({ path: "argoRollouts.gatewayApiPlugin", problem: "is missing", fix });
  }
  if (!byPlugin && argoRollouts.gatewayApiPlugin !== undefined) {
    const problem = 'is set, and "gatewayApi" is not among the routers';
    problems.push({ path: "argoRollouts.gatewayApiPlugin", problem, fix: "Add it, or remove the plugin" });
  }
  return problems;
}

function nodePortProblems(traefik: NonNullable<KubernetesPlatformArgs["traefik"]>): Problem[] {
  const { serviceType = ServiceType.loadBalancer, webNodePort, websecureNodePort } = traefik;
  const problems = Object.entries({ webNodePort, websecureNodePort })
    .filter(([, port]) => port !== undefined && serviceType !== ServiceType.nodePort)
    .map(([key, port]) => ({
      path: `traefik.${key}`,
      problem: `means nothing with the service type ${serviceType}`,
      got: describeValue(port),
      fix: 'Set traefik.serviceType to "NodePort"',
    }));
  if (webNodePort === undefined || webNodePort !== websecureNodePort) return problems;
  const problem = "is the port of traefik.webNodePort already";
  return [
    ...problems,
    { path: "traefik.websecureNodePort", problem, got: String(webNodePort), fix: "Give each its own" },
  ];
}

function neededCrds(routers: Router[], installsArgo: boolean, installsTraefik: boolean): NeededCrd[] {
  const argo = "Install Argo Rollouts, or leave argoRollouts.install out";
  const traefik = "Install Traefik, or leave traefik.install out";
  const needed: [boolean, string, string][] = [
    [!installsArgo, "rollouts.argoproj.io", argo],
    [!installsArgo, "analysisruns.argoproj.io", argo],
    [!installsArgo, "analysistemplates.argoproj.io", argo],
    [routers.includes(Router.traefik) && !installsTraefik, "traefikservices.traefik.io", traefik],
    [routers.includes(Router.traefik) && !installsTraefik, "ingressroutes.traefik.io", traefik],
    [routers.includes(Router.istio), "virtualservices.networking.istio.io", "Install Istio first"],
    [
      routers.includes(Router.gatewayApi),
      "httproutes.gateway.networking.k8s.io",
      "Install the Gateway API and a gateway that serves it first",
    ],
  ];
  return needed.flatMap(([wanted, crd, fix]) => (wanted ? [{ crd, fix }] : []));
}
