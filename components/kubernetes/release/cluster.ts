import type * as ClientNode from "@kubernetes/client-node";
import { ApiRefusal, ApiUnreachable, ArgoMissing, causeOf, saidBy } from "./api-errors";
import type { AnalysisRun, ClusterEvent, ConfigObject, HttpRoute, Pod, ReplicaSet, Rollout, Snapshot } from "./objects";

/** Where a cluster is. */
export interface ClusterAddress {
  /** kubeconfig as text; empty: KUBECONFIG or ~/.kube/config of this machine, or a pod's own account. */
  kubeconfig: string;
  /** Context in it; empty: the current one. */
  context: string;
}

/** An object of any kind. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  metadata: { namespace: string; name: string };
}

interface ScaledObject extends ObjectReference {
  metadata: ObjectReference["metadata"] & {
    managedFields?: { manager: string; fieldsV1?: Record<string, Record<string, unknown>> }[];
  };
  spec?: { replicas?: number };
}

/** Owner of a number of copies while it passes from one to another. */
const REPLICAS_MANAGER = "headgate-replicas";
/** Who sets a number of copies without being a person: the autoscaler, and controllers that fill in a default. */
const MACHINES: readonly string[] = [REPLICAS_MANAGER, "kube-controller-manager", "rollouts-controller"];

const ARGO = { group: "argoproj.io", version: "v1alpha1" };
const GATEWAY_API = { group: "gateway.networking.k8s.io", version: "v1" };
const REQUEST_TIMEOUT_SECONDS = 20;

/** What the release asks a cluster for. The client is loaded by the first use: it takes half a second. */
export class Cluster {
  private constructor(
    private readonly library: typeof ClientNode,
    private readonly config: ClientNode.KubeConfig,
    readonly server: string,
  ) {}

  /** Throws ApiUnreachable when there is no kubeconfig, or not that context in it. */
  static async connect({ kubeconfig, context }: ClusterAddress): Promise<Cluster> {
    const library = await import("@kubernetes/client-node");
    const config = new library.KubeConfig();
    try {
      if (kubeconfig === "") config.loadFromDefault();
      else config.loadFromString(kubeconfig);
    } catch {
      // The parser's message quotes the text, which holds keys.
      throw new ApiUnreachable("of the kubeconfig", "a kubeconfig that cannot be read");
    }
    if (context !== "") {
      if (config.getContextObject(context) === null) {
        const known = config.getContexts().map(({ name }) => name);
        throw new ApiUnreachable("of the kubeconfig", `no context "${context}", only ${known.join(", ") || "none"}`);
      }
      config.setCurrentContext(context);
    }
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new ApiUnreachable("of the kubeconfig", "a kubeconfig without a current cluster");
    return new Cluster(library, config, server);
  }

  /** Namespace of the context; "default" without one. */
  get namespace(): string {
    return this.config.getContextObject(this.config.getCurrentContext())?.namespace ?? "default";
  }

  /** Throws ApiUnreachable unless the API server answers in that time, be it with a no. */
  async reach(timeoutSeconds: number): Promise<void> {
    const api = this.config.makeApiClient(this.library.VersionApi);
    try {
      await this.ask(() => api.getCode(), timeoutSeconds);
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
    }
  }

  /** Undefined: there is none of that name. Throws ArgoMissing. */
  async rollout(namespace: string, name: string): Promise<Rollout | undefined> {
    const { CustomObjectsApi } = this.library;
    const api = this.config.makeApiClient(CustomObjectsApi);
    try {
      const found = await this.ask(() =>
        api.getNamespacedCustomObject({ ...ARGO, namespace, plural: "rollouts", name }),
      );
      return found as Rollout;
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.status === 404)) throw error;
      if (error.message.includes(`"${name}"`)) return undefined;
      throw new ArgoMissing(this.server);
    }
  }

  /** Undefined: there is none of that name, or the cluster knows no Rollouts. */
  async presentRollout(namespace: string, name: string): Promise<Rollout | undefined> {
    return this.rollout(namespace, name).catch((error: unknown) => {
      if (error instanceof ArgoMissing) return undefined;
      throw error;
    });
  }

  /** Undefined: there is none of that name. */
  async httpRoute(namespace: string, name: string): Promise<HttpRoute | undefined> {
    const api = this.config.makeApiClient(this.library.CustomObjectsApi);
    const request = { ...GATEWAY_API, namespace, plural: "httproutes", name };
    return this.ask<HttpRoute>(() => api.getNamespacedCustomObject(request)).catch(nothing);
  }

  async rollouts(namespace: string): Promise<Rollout[]> {
    const api = this.config.makeApiClient(this.library.CustomObjectsApi);
    const list = await this.ask(() => api.listNamespacedCustomObject({ ...ARGO, namespace, plural: "rollouts" }));
    return (list as { items: Rollout[] }).items;
  }

  /**
   * Everything about a Rollout. What may not be read is left out and told of, but for the Rollout itself: the release
   * can be followed without.
   */
  async snapshot(namespace: string, name: string, missing: (what: string) => void): Promise<Snapshot> {
    const rollout = await this.rollout(namespace, name);
    const at = Date.now() / 1000;
    if (rollout === undefined) return { at, replicaSets: [], pods: [], runs: [], events: [] };
    const { uid } = rollout.metadata;
    const selector = Object.entries(selectorOf(rollout));
    const labelSelector = selector.map(([key, value]) => `${key}=${value}`).join(",");
    const query = { namespace, ...(labelSelector !== "" && { labelSelector }) };
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const apps = this.config.makeApiClient(this.library.AppsV1Api);
    const custom = this.config.makeApiClient(this.library.CustomObjectsApi);
    const listed = async <T>(list: () => Promise<unknown>): Promise<T[]> => {
      try {
        return plain<{ items: T[] }>(await this.ask(list)).items;
      } catch (error) {
        if (!(error instanceof ApiRefusal && error.status === 403)) throw error;
        missing(error.message);
        return [];
      }
    };
    const eventsOf = (fieldSelector: string) =>
      listed<ClusterEvent>(() => core.listNamespacedEvent({ namespace, fieldSelector }));
    const [replicaSets, pods, runs, steps, probes] = await Promise.all([
      listed<ReplicaSet>(() => apps.listNamespacedReplicaSet(query)),
      listed<Pod>(() => core.listNamespacedPod(query)),
      listed<AnalysisRun>(() => custom.listNamespacedCustomObject({ ...ARGO, ...query, plural: "analysisruns" })),
      eventsOf(`involvedObject.kind=Rollout,involvedObject.name=${name}`),
      eventsOf("involvedObject.kind=Pod,type=Warning"),
    ]);
    const own = ({ metadata }: { metadata: ReplicaSet["metadata"] }) =>
      metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
    return {
      at,
      rollout,
      replicaSets: replicaSets.filter(own),
      pods,
      runs: runs.filter(own),
      events: [...steps, ...probes].sort(byTime),
    };
  }

  /** Changes fields of a Rollout; `status` says in which of its two parts. Fields of other managers stay. */
  async patchRollout(namespace: string, name: string, body: object, status: boolean): Promise<void> {
    const { CustomObjectsApi, PatchStrategy, setHeaderOptions } = this.library;
    const api = this.config.makeApiClient(CustomObjectsApi);
    const request = { ...ARGO, namespace, plural: "rollouts", name, body, fieldManager: "headgate-release" };
    const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await this.ask(() =>
      status
        ? api.patchNamespacedCustomObjectStatus(request, options)
        : api.patchNamespacedCustomObject(request, options),
    );
  }

  /**
   * Makes the number of an object's copies a field of our own: as it is now for an autoscaler that is about to count
   * them, else as it is given. What a person set is left to them. An object that is not there is well.
   */
  async holdReplicas(object: ObjectReference, copies: number | undefined): Promise<void> {
    const { spec, metadata } = (await this.scaled(object)) ?? {};
    const owners = (metadata?.managedFields ?? [])
      .filter(({ fieldsV1 }) => fieldsV1?.["f:spec"]?.["f:replicas"] !== undefined)
      .map(({ manager }) => manager);
    const isProgram = (manager: string) => manager.startsWith("pulumi-kubernetes");
    const taken = owners.filter((manager) => !isProgram(manager));
    const needless = copies !== undefined && (taken.length === 0 || !taken.every((owner) => MACHINES.includes(owner)));
    const replicas = copies ?? spec?.replicas;
    if (spec === undefined || replicas === undefined || needless) return;
    const { KubernetesObjectApi, PatchStrategy } = this.library;
    const api = this.config.makeApiClient(KubernetesObjectApi);
    const body = { ...object, spec: { replicas } };
    const strategy = PatchStrategy.ServerSideApply;
    await this.ask(() => api.patch(body, undefined, undefined, REPLICAS_MANAGER, true, strategy));
  }

  private async scaled(object: ObjectReference): Promise<ScaledObject | undefined> {
    const api = this.config.makeApiClient(this.library.KubernetesObjectApi);
    return this.ask(() => api.read<ScaledObject>(object)).catch(nothing);
  }

  async countPods(namespace: string, labelSelector: string): Promise<number> {
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const { items } = await this.ask(() => core.listNamespacedPod({ namespace, labelSelector }));
    return items.length;
  }

  /** By which labels each Service with a label finds its pods. */
  async serviceSelectors(namespace: string, labelSelector: string): Promise<Record<string, string>[]> {
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const { items } = await this.ask(() => core.listNamespacedService({ namespace, labelSelector }));
    return items.map(({ spec }) => spec?.selector ?? {});
  }

  /** ConfigMaps and Secrets with a label, without what is in them. */
  async configs(namespace: string, labelSelector: string): Promise<ConfigObject[]> {
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const query = { namespace, labelSelector };
    const [maps, secrets] = await Promise.all([
      this.ask(() => core.listNamespacedConfigMap(query)),
      this.ask(() => core.listNamespacedSecret(query)),
    ]);
    const bare = (kind: ConfigObject["kind"], list: unknown): ConfigObject[] =>
      plain<{ items: { metadata: ConfigObject["metadata"] }[] }>(list).items.map(({ metadata }) => ({
        kind,
        metadata,
      }));
    return [...bare("ConfigMap", maps), ...bare("Secret", secrets)];
  }

  /** Removes an object unless it is gone already. */
  async removeConfig(namespace: string, { kind, metadata }: ConfigObject): Promise<void> {
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const request = { namespace, name: metadata.name };
    const remove = () =>
      kind === "ConfigMap" ? core.deleteNamespacedConfigMap(request) : core.deleteNamespacedSecret(request);
    await this.ask<unknown>(remove).catch(nothing);
  }

  /** The end of what a container said before it ended; empty when that is not known. */
  async lastWords(namespace: string, pod: string, container: string, lines: number): Promise<string> {
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const request = { namespace, name: pod, container, tailLines: lines, limitBytes: 4096 };
    const read = async (previous: boolean) => {
      const text = plain<string>(await this.ask(() => core.readNamespacedPodLog({ ...request, previous }))) ?? "";
      // The kubelet's own words, with status 200, when the container is gone.
      return text.startsWith("unable to retrieve container logs") ? "" : text;
    };
    const before = await read(true).catch(() => "");
    return before === "" ? read(false) : before;
  }

  /** Values of the Secrets that a pod can see, so that none of them is told. Throws ApiRefusal when they may not be read. */
  async secretValues(namespace: string, names: readonly string[]): Promise<string[]> {
    const core = this.config.makeApiClient(this.library.CoreV1Api);
    const secrets = await Promise.all(
      names.map((name) => this.ask(() => core.readNamespacedSecret({ namespace, name }))),
    );
    return secrets.flatMap(({ data }) =>
      Object.values(data ?? {}).map((value) => Buffer.from(value, "base64").toString()),
    );
  }

  /** Asks once. A refusal keeps the API server's own words; everything else means that it cannot be reached. */
  private async ask<T>(request: () => Promise<T>, timeoutSeconds = REQUEST_TIMEOUT_SECONDS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`no answer within ${timeoutSeconds} s`);
      timer = setTimeout(() => reject(error), timeoutSeconds * 1000);
    });
    try {
      return await Promise.race([request(), late]);
    } catch (error) {
      if (error instanceof this.library.ApiException && error.code < 500 && error.code !== 429) {
        throw new ApiRefusal(error.code, saidBy(error));
      }
      throw new ApiUnreachable(this.server, causeOf(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What is not there is no error. */
function nothing(error: unknown): undefined {
  if (error instanceof ApiRefusal && error.status === 404) return undefined;
  throw error;
}

/** Labels by which a Rollout finds its pods. */
function selectorOf(rollout: Rollout): Record<string, string> {
  return rollout.spec.selector?.matchLabels ?? {};
}

/** The library makes dates of times; what is compared here is as the API server says it. */
function plain<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value ?? null)) as T;
}

function byTime(a: ClusterEvent, b: ClusterEvent): number {
  const time = ({ lastTimestamp, eventTime, firstTimestamp }: ClusterEvent) =>
    Date.parse(lastTimestamp ?? eventTime ?? firstTimestamp ?? "") || 0;
  return time(a) - time(b);
}
