import { readFileSync } from "node:fs";
import { crdsOf } from "../../../components/kubernetes/platform/crds";
import { ApiClient, ApiError } from "../../../testkit/providers/kubernetes/api";
import { Discovery, pathOf } from "../../../testkit/providers/kubernetes/discovery";
import { loadKubeconfig } from "../../../testkit/providers/kubernetes/kubeconfig";
import { eventually } from "../../eventually";
import type { Generated, Manifest } from "./generated";

/** What the server said of an object that it did not accept in silence. */
export interface Objection {
  from: string;
  object: string;
  said: string;
}

/** Requests that are under way at once. */
const CONCURRENCY = 16;
const MANAGER = "manifests-test";
const CRD = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

/** The API server as a judge of objects, none of which it keeps. */
export class Server {
  private readonly discovery: Discovery;

  private constructor(private readonly client: ApiClient) {
    this.discovery = new Discovery(client);
  }

  static async connect(kubeconfig: string): Promise<Server> {
    const surroundings = { kubeconfig, context: undefined, cluster: undefined };
    return new Server(new ApiClient(await loadKubeconfig(surroundings, {}), 60_000));
  }

  async get(path: string): Promise<Record<string, unknown>> {
    return await this.client.request("GET", path);
  }

  /** Makes an object. */
  async create(manifest: Manifest): Promise<void> {
    await this.apply(manifest, {});
  }

  async remove({ apiVersion, kind, metadata }: Manifest): Promise<void> {
    await this.client.request("DELETE", await this.path(apiVersion, kind, metadata.namespace, metadata.name));
  }

  /** Installs those definitions of kinds that are not there. Gives what it made. */
  async define(kinds: readonly string[], files: readonly string[]): Promise<Manifest[]> {
    const { items } = await this.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
    const there = (items as Manifest[]).map(({ metadata }) => metadata.name);
    const missing = files
      .flatMap((file) => crdsOf(readFileSync(file, "utf8")))
      .map((definition) => ({ ...CRD, ...definition }) as unknown as Manifest)
      .filter(({ metadata, spec }) => kinds.includes(spec.names.kind) && !there.includes(metadata.name));
    for (const definition of missing) await this.create(definition);
    return missing;
  }

  /** Everything it objects to, warnings too, when objects are applied strictly and not kept. */
  async objections(objects: readonly Generated[]): Promise<Objection[]> {
    const found: Objection[] = [];
    const queue = [...objects];
    const work = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        for (const said of await this.said(next.manifest)) {
          found.push({ from: next.from, object: `${next.manifest.kind} ${next.manifest.metadata.name}`, said });
        }
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return found;
  }

  private async said(manifest: Manifest): Promise<string[]> {
    const warnings: string[] = [];
    try {
      await this.apply(manifest, { dryRun: "All" }, (warning) => warnings.push(warning));
      return warnings.map((warning) => `warning: ${warning}`);
    } catch (error) {
      if (error instanceof ApiError) return [error.message];
      throw error;
    }
  }

  private async apply(
    manifest: Manifest,
    query: Record<string, string>,
    onWarning?: (warning: string) => void,
  ): Promise<void> {
    const { apiVersion, kind, metadata } = manifest;
    await this.client.request("PATCH", await this.path(apiVersion, kind, metadata.namespace, metadata.name), {
      query: { ...query, fieldManager: MANAGER, fieldValidation: "Strict", force: "true" },
      body: manifest,
      contentType: "application/apply-patch+yaml",
      onWarning,
    });
  }

  /** Kinds that were defined just now are served a little later. */
  private async path(apiVersion: string, kind: string, namespace: string | undefined, name: string): Promise<string> {
    const mapping = await eventually(30, `${apiVersion} ${kind} is served`, () =>
      this.discovery.find(apiVersion, kind),
    );
    return pathOf(mapping, namespace, name);
  }
}
