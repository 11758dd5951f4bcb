import type { Diagnostic } from "../../model/diagnostics";
import { refuse } from "../../model/errors";
import { checkHosts, checkName } from "../../model/names";
import { normaliseService } from "../../model/normalise-service";
import { OnBusy } from "../../model/on-busy";
import type { Problem } from "../../model/problem";
import { Fit } from "../../model/release";
import { withUsualCopies } from "../../model/usual-copies";
import { checkObjectives, checkRelease, checkService } from "../../model/validate";
import { compileFor } from "../../release/compile/compile-for";
import { compileForKubernetes, type KubernetesRelease } from "../../release/compile/kubernetes";
import { Router } from "../../release/compile/target";
import { countable, counterProblems, timeable } from "../analysis/counters";
import { checkArgs } from "../fields";
import { type KubernetesServiceArgs, Monitor } from "./args";
import { serviceArgsSchema } from "./args.schema";
import { wholeSeconds } from "./plan-amounts";
import { probeDiagnostics } from "./plan-probes";
import { argumentProblems } from "./plan-problems";
import { scalingDiagnostics } from "./plan-scaling";
import { schedulingDiagnostics } from "./plan-scheduling";
import { plannedSecrets, secretDiagnostics } from "./plan-secrets";
import type { KubernetesServicePlan, PlannedRoute } from "./plan-types";
import { scratchFolders } from "./plan-volumes";

const COMPONENT = "KubernetesService";

/**
 * Time a pod goes on to take requests where nobody says: Kubernetes tells it to stop while routers and machines are
 * only being told that it goes.
 */
const USUAL_STOP_DELAY_SECONDS = 5;
const USUAL_USER = "1000:1000";

/** Where routers usually are: Traefik with KubernetesPlatform, the others by their own instructions. */
const USUAL_NAMESPACES: Partial<Record<Router, string>> = {
  traefik: "headgate",
  nginx: "ingress-nginx",
  istio: "istio-system",
};

/** Fills in defaults and checks every argument of a KubernetesService. Throws ArgumentError with every problem. */
export function planService(name: string, args: KubernetesServiceArgs): KubernetesServicePlan {
  refuse(COMPONENT, name, [
    ...checkName(name),
    ...checkArgs(serviceArgsSchema, args),
    ...checkService(args.service),
    ...checkRelease(args.release ?? {}),
    ...checkObjectives(args.objectives ?? {}),
    ...checkHosts(args.hosts ?? []),
  ]);
  const service = withUsualCopies(args.service, "kubernetes");
  const { release = {}, objectives = {}, router = Router.traefik, counters } = args;
  const compiled = compileFor("kubernetes", compileForKubernetes, release, service, {
    objectives,
    name,
    router,
    counted: countable(router, release, counters),
    timed: timeable(service.metrics, counters),
  });
  const diagnostics = [...compiled.diagnostics, ...ownDiagnostics(name, args)];
  refuse(COMPONENT, name, [
    ...argumentProblems(args),
    ...counterProblems(name, router, release, counters),
    ...judgeProblems(args, compiled.fields),
    ...compiled.problems,
    ...(release.fit === Fit.exact ? ownDiagnostics(name, args).map(inexact) : []),
  ]);

  const plain = normaliseService(service);
  const [id = "", group = ""] = (args.user ?? USUAL_USER).split(":");
  const { rollout } = compiled.fields;
  return {
    name,
    service,
    plain,
    stopDelaySeconds: service.stopDelay === undefined ? USUAL_STOP_DELAY_SECONDS : wholeSeconds(plain.stopDelaySeconds),
    user: { id: Number(id), group: Number(group) },
    scratch: scratchFolders(args.scratch, service),
    secrets: plannedSecrets(args),
    ownSecret: Object.keys(args.secrets ?? {}).length > 0,
    variables: Object.keys({ ...service.env, ...args.env }).sort(),
    files: service.files ?? {},
    route: plannedRoute(args, rollout?.strategy.canary?.trafficRouting !== undefined),
    monitor: args.monitor ?? Monitor.annotations,
    connections: args.connections ?? {},
    ...(counters !== undefined && { counters }),
    labels: args.labels ?? {},
    serviceAccountAnnotations: args.serviceAccountAnnotations ?? {},
    imagePullSecrets: args.imagePullSecrets ?? [],
    ...(args.storageClass !== undefined && { storageClass: args.storageClass }),
    objectives,
    release: compiled.fields,
    requested: compiled.requested,
    freeze: (release.emergency === undefined ? release.freeze : undefined) ?? {},
    emergency: release.emergency?.reason ?? "",
    retry: args.retry ?? 0,
    onBusy: args.onBusy ?? OnBusy.wait,
    diagnostics,
    warnings: compiled.warnings,
  };
}

/** What Kubernetes does differently with a service, whatever its release. */
function ownDiagnostics(name: string, args: KubernetesServiceArgs): Diagnostic[] {
  const { service } = args;
  return [
    ...probeDiagnostics(service.health, normaliseService(service)),
    ...schedulingDiagnostics(service),
    ...scalingDiagnostics(name, service),
    ...secretDiagnostics(args),
  ];
}

/** Who judges asks Prometheus, whose address is the cluster's. */
function judgeProblems({ cluster }: KubernetesServiceArgs, { judgeTemplates }: KubernetesRelease): Problem[] {
  if (cluster !== undefined || judgeTemplates.length === 0) return [];
  const fix = "Write cluster: platform.handle, or that of a KubernetesCluster with prometheus";
  return [{ path: "cluster", problem: "is missing: the release is judged by its Prometheus", fix }];
}

const inexact = ({ feature, fidelity, message }: Diagnostic): Problem => ({
  path: feature,
  problem: `would be ${fidelity} here, and release.fit is "exact"`,
  fix: `${message} Remove the setting, or choose another release.fit`,
});

function plannedRoute(args: KubernetesServiceArgs, shifted: boolean): PlannedRoute {
  const { router = Router.traefik, hosts = [], gateway, tlsSecret } = args;
  const byGateway = router === Router.gatewayApi && gateway !== undefined;
  const namespace = args.routerNamespace ?? USUAL_NAMESPACES[router] ?? gateway?.namespace ?? args.namespace;
  return {
    router,
    made: router !== Router.none && (shifted || hosts.length > 0 || byGateway),
    hosts,
    ...(gateway && { gateway }),
    entryPoints: args.entryPoints ?? [tlsSecret === undefined ? "web" : "websecure"],
    ...(tlsSecret !== undefined && { tlsSecret }),
    ingressClass: args.ingressClass ?? (router === Router.alb ? "alb" : "nginx"),
    ingressAnnotations: args.ingressAnnotations ?? {},
    ...(namespace !== undefined && { namespace }),
  };
}
