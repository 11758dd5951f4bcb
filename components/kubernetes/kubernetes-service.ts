import type { ConfigMap, ConfigMapPatch, Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { withoutStacks } from "../delegate/short-stacks";
import { refuse } from "../model/errors";
import type { Problem } from "../model/problem";
import { Router } from "../release/compile/target";
import { type ClusterFields, clusterOf, isStrange, providerFor, readyOf } from "./cluster/handle";
import { KubernetesRelease } from "./release/resource";
import { KubernetesTurn } from "./release/turn-resource";
import type { KubernetesServiceArgs } from "./service/args";
import { imageFaults } from "./service/args.schema";
import { createConfig, createSecret } from "./service/configuration";
import { contentHash } from "./service/content-hash";
import type { Context } from "./service/context";
import { planService } from "./service/plan";
import { serviceManifests } from "./service/plan-manifests";
import { scrapersAt, scrapersIn } from "./service/plan-network";
import type { ServiceObject } from "./service/plan-objects";
import type { KnownLater, KubernetesServicePlan } from "./service/plan-types";
import { declare, edited, specField } from "./service/resources";
import { createTemplates } from "./service/templates";
import type { KubernetesServiceTransforms } from "./service/transforms";

/** Options of a KubernetesService. */
export interface KubernetesServiceOptions extends pulumi.ComponentResourceOptions {
  /** TypeScript only: last edit of a child's arguments. */
  transform?: KubernetesServiceTransforms;
}

/** What tells one version of a service from another, and where it is. */
interface Version {
  kubeconfig: pulumi.Input<string>;
  context: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  name: string;
  component: string;
  image: pulumi.Input<string>;
  templateHashSource: pulumi.Input<string>;
  retry: number;
  waitSeconds: number;
}

/**
 * A service on a cluster: its pods with all they need, the objects of its router, and its release by Argo Rollouts.
 * `pulumi up` succeeds if and only if the new version took all traffic; otherwise traffic is back on the old version
 * and the error says why. The decision is the controller's, so it is made even when this program dies.
 *
 * Services listen on port 80, whatever port the containers listen on. Where a release needs no way back by itself, the
 * pods belong to a Deployment, StatefulSet or DaemonSet, for which `pulumi up` waits as for any other.
 * Throws ArgumentError when an argument is wrong.
 */
export class KubernetesService extends pulumi.ComponentResource {
  /** Where the service answers: its first host, or its address in the cluster. */
  public readonly url: pulumi.Output<string>;
  /** Digest of the version that has the traffic. */
  public readonly digest: pulumi.Output<string>;
  /** Number of that version, as Argo Rollouts counts; 0 without a Rollout. */
  public readonly revision: pulumi.Output<number>;

  constructor(name: string, args: KubernetesServiceArgs, opts: KubernetesServiceOptions = {}) {
    const { transform = {}, ...componentOptions } = opts;
    const plan = planService(name, args);
    const secrets = Object.fromEntries(
      Object.entries(args.secrets ?? {}).map(([file, value]) => [file, pulumi.secret(value)]),
    );
    const cluster = clusterOf(args.cluster);
    // Field by field, so that only the kubeconfig is a secret in the state.
    const recorded = { ...args, secrets, ...(args.cluster !== undefined && { cluster }) };
    super("headgate:index:KubernetesService", name, recorded, componentOptions);
    for (const { feature, fidelity, message } of plan.diagnostics) {
      pulumi.log.info(`${feature} is ${fidelity} on Kubernetes: ${message}`, this);
    }
    for (const warning of plan.warnings) pulumi.log.warn(`release.canary: ${warning}`, this);

    if (asksCluster(plan)) refuse("KubernetesService", name, strangeProblems(this, args.cluster), this);
    const provider = providerFor(this, name, args.cluster);
    const namespace = pulumi.output(args.namespace ?? "default");
    const options = { parent: this, dependsOn: readyOf(args.cluster), ...(provider !== undefined && { provider }) };
    const context: Context = { component: this, plan, namespace, options, transform };

    const image = checkedImage(this, name, args);
    const config = createConfig(context, args.env ?? {});
    const secret = createSecret(context, secrets);
    const known = knownLater(context, image, config, secret, cluster, args);
    const { before: first, workload: planned, after } = serviceManifests(plan, known);
    const pods = edited(name, planned, transform, this);
    const version: Version = {
      kubeconfig: cluster.kubeconfig,
      context: cluster.context,
      namespace,
      name,
      component: "KubernetesService",
      image,
      templateHashSource: specField(pods.rest, "template").apply(contentHash),
      retry: plan.retry,
      waitSeconds: plan.release.waitSeconds,
    };
    const turn = createTurn(context, pods, version);
    // A release that is under way is judged to its end by the templates it began with.
    const templates = createTemplates(context, known, cluster, turn);
    const before = [
      ...first.map((object) => declare(name, edited(name, object, transform, this), options)),
      ...templates,
      ...turn,
    ];
    const workload = declare(name, pods, {
      ...options,
      dependsOn: [...before, config, secret].filter((each) => each !== undefined),
      // The name stays, so that a new one has to wait until the old one is gone.
      deleteBeforeReplace: true,
      ...(plan.release.rollout === undefined
        ? { customTimeouts: { create: `${plan.release.waitSeconds}s`, update: `${plan.release.waitSeconds}s` } }
        : { replaceOnChanges: ["spec.selector"] }),
    });
    for (const object of after) {
      declare(name, edited(name, object, transform, this), { ...options, dependsOn: [workload] });
    }
    const release =
      plan.release.rollout === undefined ? undefined : createRelease(context, version, [...before, workload]);

    this.url = addressOf(plan, namespace);
    this.digest = release?.digest ?? image.apply(digestOf);
    this.revision = release?.revision ?? pulumi.output(0);
    this.registerOutputs({ url: this.url, digest: this.digest, revision: this.revision });
  }
}

/** The image, whose reference may be known only now. */
function checkedImage(
  component: KubernetesService,
  name: string,
  { image, service }: KubernetesServiceArgs,
): pulumi.Output<string> {
  return pulumi.output(image ?? service.image.reference ?? "").apply((reference) => {
    refuse(
      "KubernetesService",
      name,
      imageFaults(reference).map((fault) => ({ path: "image", ...fault })),
      component,
    );
    return reference;
  });
}

function knownLater(
  { plan, namespace }: Context,
  image: pulumi.Output<string>,
  config: ConfigMap | ConfigMapPatch | undefined,
  secret: Secret | undefined,
  { prometheus }: ClusterFields,
  args: KubernetesServiceArgs,
): KnownLater {
  const { gateway } = plan.route;
  return {
    namespace,
    image,
    config: config?.metadata.apply(({ name }) => name ?? "") ?? "",
    secret: secret?.metadata.name ?? "",
    scrapers: args.scraperNamespace === undefined ? prometheus.apply(scrapersAt) : scrapersIn(args.scraperNamespace),
    ...(gateway !== undefined && {
      istioGateway: pulumi.interpolate`${gateway.namespace ?? args.namespace ?? "default"}/${gateway.name}`,
    }),
  };
}

/** Without a Rollout only the times in which nothing is released can speak against it. */
const asksCluster = ({ release, plain, freeze }: KubernetesServicePlan) =>
  release.rollout !== undefined || plain.autoscaler !== undefined || Object.keys(freeze).length > 0;

/** A cluster is asked by a kubeconfig: the objects must not be in another one. */
function strangeProblems(component: pulumi.Resource, cluster: KubernetesServiceArgs["cluster"]): Problem[] {
  if (!isStrange(component, cluster)) return [];
  const handle = cluster === undefined ? "is missing" : "comes from a platform";
  const problem = `${handle} beside a provider whose kubeconfig nobody can read: by it the release is followed`;
  const fix = 'Write cluster: new KubernetesCluster("production", { kubeconfig }).handle instead of the provider';
  return [{ path: "cluster", problem, fix }];
}

/** Whether a new version may begin is asked before its pods, and the templates that judge it, are changed. */
function createTurn({ component, plan, options }: Context, pods: ServiceObject, version: Version): pulumi.Resource[] {
  const { release, freeze, emergency, onBusy, name } = plan;
  const { rollout } = release;
  const { apiVersion, kind } = pods;
  if (!asksCluster(plan)) return [];
  const strategy = rollout === undefined ? contentHash({}) : specField(pods.rest, "strategy").apply(contentHash);
  const copies = specField(pods.rest, "replicas");
  const inputs = { ...version, strategy, onBusy, freeze, emergency, workload: { apiVersion, kind }, copies };
  const opts = { parent: component, ...(options.dependsOn !== undefined && { dependsOn: options.dependsOn }) };
  return [withoutStacks(() => new KubernetesTurn(`${name}-turn`, inputs, opts))];
}

function createRelease(
  { component, plan }: Context,
  version: Version,
  dependsOn: pulumi.Resource[],
): KubernetesRelease {
  const { retainConfigRevisions } = plan.release;
  const httpRoute = plan.route.made && plan.route.router === Router.gatewayApi ? plan.name : "";
  return new KubernetesRelease(
    `${plan.name}-release`,
    { ...version, retainConfigRevisions, httpRoute },
    { parent: component, dependsOn },
  );
}

function addressOf({ name, route }: KubernetesServicePlan, namespace: pulumi.Output<string>): pulumi.Output<string> {
  const [host] = route.hosts;
  if (host === undefined || !route.made) return pulumi.interpolate`http://${name}.${namespace}.svc`;
  const secure = route.tlsSecret !== undefined || route.entryPoints.includes("websecure");
  return pulumi.output(`${secure ? "https" : "http"}://${host}`);
}

const digestOf = (reference: string) => reference.slice(reference.indexOf("@") + 1);
