import { isRecord, type Properties } from "../shared/wire";
import { ApiClient, type ApiRequest, isMissing, UnreachableError } from "./api";
import type { KubernetesConfig } from "./config";
import { Discovery, type Mapping, pathOf } from "./discovery";
import { loadKubeconfig } from "./kubeconfig";
import { type KubernetesObject, list, type ManagedFields } from "./object";
import type { Surroundings } from "./readiness/readiness";

export interface ApplyOptions {
  manager: string;
  force: boolean;
  dryRun: boolean;
  onWarning?: ((warning: string) => void) | undefined;
}

/** A cluster that answers, and what can be done to its objects. */
export class Cluster implements Surroundings {
  readonly discovery: Discovery;

  private constructor(
    private readonly client: ApiClient,
    /** For objects that name none. */
    readonly namespace: string,
  ) {
    this.discovery = new Discovery(client);
  }

  /** Throws `UnreachableError` with the reason when there is no cluster. */
  static async connect(config: KubernetesConfig, environment: NodeJS.ProcessEnv): Promise<Cluster> {
    let client: ApiClient;
    try {
      client = new ApiClient(await loadKubeconfig(config, environment), config.requestTimeoutMillis);
    } catch (error) {
      throw new UnreachableError(error instanceof Error ? error.message : String(error));
    }
    const cluster = new Cluster(client, config.namespace ?? client.namespace);
    await cluster.discovery.find("v1", "Pod");
    return cluster;
  }

  async get(apiVersion: string, kind: string, namespace: string | undefined, name: string) {
    const mapping = await this.discovery.find(apiVersion, kind);
    return mapping && this.read(mapping, namespace, name);
  }

  async list(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    selectors: { labelSelector?: string; fieldSelector?: string },
  ): Promise<KubernetesObject[]> {
    const mapping = await this.discovery.find(apiVersion, kind);
    if (mapping === undefined) return [];
    const { items } = await this.client.request("GET", pathOf(mapping, namespace), { query: { ...selectors } });
    return list(items).filter(isRecord) as KubernetesObject[];
  }

  async read(mapping: Mapping, namespace: string | undefined, name: string): Promise<KubernetesObject | undefined> {
    try {
      return (await this.client.request("GET", pathOf(mapping, namespace, name))) as KubernetesObject;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Says what a creation would make, without making it. */
  tryCreate(mapping: Mapping, object: KubernetesObject, manager: string, onWarning: ApiRequest["onWarning"]) {
    const query = { dryRun: "All", fieldManager: manager, fieldValidation: "Strict" };
    const path = pathOf(mapping, object.metadata.namespace);
    return this.client.request("POST", path, { query, body: object, onWarning }) as Promise<KubernetesObject>;
  }

  /** Server-side apply: makes the object, or sets its fields, and takes the manager's other fields away. */
  apply(mapping: Mapping, object: KubernetesObject, { manager, force, dryRun, onWarning }: ApplyOptions) {
    const query = {
      fieldManager: manager,
      fieldValidation: "Strict",
      force: String(force),
      ...(dryRun && { dryRun: "All" }),
    };
    return this.client.request("PATCH", pathOf(mapping, object.metadata.namespace, object.metadata.name), {
      query,
      body: object,
      contentType: "application/apply-patch+yaml",
      onWarning,
    }) as Promise<KubernetesObject>;
  }

  /** Writes anew who owns which field. */
  async setManagers(mapping: Mapping, object: KubernetesObject, managedFields: readonly ManagedFields[]) {
    const { namespace, name, resourceVersion } = object.metadata;
    const body = [
      { op: "replace", path: "/metadata/managedFields", value: managedFields },
      { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ];
    return (await this.client.request("PATCH", pathOf(mapping, namespace, name), {
      body,
      contentType: "application/json-patch+json",
    })) as KubernetesObject;
  }

  /** Starts a deletion; the object may stay a while. */
  async delete(
    mapping: Mapping,
    namespace: string | undefined,
    name: string,
    propagationPolicy: string,
  ): Promise<void> {
    const body: Properties = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
    try {
      await this.client.request("DELETE", pathOf(mapping, namespace, name), { body });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
