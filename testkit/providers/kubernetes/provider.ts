import { parse as parseYaml } from "yaml";
import {
  type CheckAnswer,
  type CheckCall,
  type CreateCall,
  type DeleteCall,
  type DiffAnswer,
  type DiffCall,
  IncompleteResource,
  type Log,
  type Provider,
  type ReadAnswer,
  type ReadCall,
  type ResourceKey,
  type UpdateCall,
} from "../shared/provider";
import { type Properties, UNKNOWN } from "../shared/wire";
import { UnreachableError } from "./api";
import { checkInputs } from "./check";
import { Cluster } from "./cluster";
import { type KubernetesConfig, readConfig } from "./config";
import { diffInputs } from "./diff";
import { clusterOf } from "./kubeconfig";
import { nameOf, reasonOf, sentence } from "./messages";
import { withSecretsMarked } from "./outputs";
import { readObject } from "./read";
import { removeObject } from "./remove";
import { createObject, previewCreation, type Session, updateObject } from "./write";
import { decodeYaml } from "./yaml";

/** The kubernetes package on the Kubernetes API, by server-side apply. */
export class KubernetesProvider implements Provider {
  private config: KubernetesConfig | undefined;
  private connection: Promise<Cluster | UnreachableError> | undefined;
  private readonly abort = new AbortController();
  private warned = false;

  constructor(readonly version: string) {}

  configure(args: Properties): void {
    this.config = readConfig(args, process.env);
    this.connection = undefined;
  }

  /** Another cluster needs other objects; a clusterIdentifier, where there is one, says alone what is another. */
  diffConfig(old: Properties, now: Properties): DiffAnswer {
    const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
    );
    const leading = ["kubeconfig", "context", "cluster"].filter((key) => changed.includes(key));
    const [before, after] = [old, now].map((args) => clusterOf(leadingArguments(args), parseYaml));
    const another =
      leading.some((key) => now[key] === UNKNOWN) || (before !== undefined && after !== undefined && before !== after);
    const identified = now.clusterIdentifier !== undefined && old.clusterIdentifier !== undefined;
    const replaces = identified ? changed.filter((key) => key === "clusterIdentifier") : another ? leading : [];
    return { changed, replaces, deleteBeforeReplace: false };
  }

  async check(call: CheckCall): Promise<CheckAnswer> {
    const reached = await this.connect();
    if (reached instanceof UnreachableError) {
      this.warn(call.log, reached);
      if (this.settings().skipUpdateUnreachable && Object.keys(call.oldInputs).length > 0) {
        return { inputs: call.oldInputs, failures: [] };
      }
      return checkInputs(call, undefined, this.settings().namespace);
    }
    return this.attempt(call, undefined, () => checkInputs(call, reached, undefined));
  }

  async diff(call: DiffCall): Promise<DiffAnswer> {
    const reached = await this.connect();
    const cluster = reached instanceof UnreachableError ? undefined : reached;
    return this.attempt(call, call.id, () => diffInputs(call, cluster, this.settings()));
  }

  async create(call: CreateCall): Promise<{ id: string; outputs: Properties }> {
    if (call.preview && (await this.connect()) instanceof UnreachableError) {
      return { id: "", outputs: withSecretsMarked(call.inputs) };
    }
    return this.attempt(call, undefined, async () => {
      const session = await this.session();
      if (call.preview) return { id: "", outputs: await previewCreation(call, session) };
      return createObject(call, session);
    });
  }

  async update(call: UpdateCall): Promise<Properties> {
    if (call.preview && (await this.connect()) instanceof UnreachableError) return withSecretsMarked(call.inputs);
    return this.attempt(call, call.id, async () => updateObject(call, await this.session()));
  }

  async read(call: ReadCall): Promise<ReadAnswer | undefined> {
    const reached = await this.connect();
    if (reached instanceof UnreachableError) {
      this.warn(call.log, reached);
      if (this.settings().deleteUnreachable) return undefined;
      if (this.settings().skipUpdateUnreachable) return { id: call.id, inputs: call.inputs, outputs: call.outputs };
    }
    return this.attempt(call, call.id, async () => readObject(call, await this.session()));
  }

  async delete(call: DeleteCall): Promise<void> {
    const reached = await this.connect();
    if (reached instanceof UnreachableError && this.settings().deleteUnreachable) {
      this.warn(call.log, reached);
      return;
    }
    await this.attempt(call, call.id, async () => removeObject(call, await this.session()));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    if (token !== "kubernetes:yaml:decode") {
      throw new Error(`The function ${token} is not supported by the testkit's kubernetes provider.`);
    }
    return decodeYaml(args, async () => {
      const reached = await this.connect();
      return reached instanceof UnreachableError ? undefined : reached;
    });
  }

  cancel(): void {
    this.abort.abort();
  }

  private settings(): KubernetesConfig {
    this.config ??= readConfig({}, process.env);
    return this.config;
  }

  /** One connection for all resources; a cluster that does not answer is asked once. */
  private connect(): Promise<Cluster | UnreachableError> {
    this.connection ??= Cluster.connect(this.settings(), process.env).catch((error: unknown) =>
      error instanceof UnreachableError ? error : new UnreachableError(reasonOf(error)),
    );
    return this.connection;
  }

  private async session(): Promise<Session> {
    const reached = await this.connect();
    if (reached instanceof UnreachableError) {
      throw new UnreachableError(
        `${reached.message}. Start the cluster or correct the provider's kubeconfig; if the cluster is gone for good, set PULUMI_K8S_DELETE_UNREACHABLE=true to forget its objects`,
      );
    }
    return { cluster: reached, config: this.settings(), signal: this.abort.signal };
  }

  private warn(log: Log | undefined, { message }: UnreachableError): void {
    if (!this.warned) log?.("warning", `The cluster is not looked at: ${sentence(message)}`);
    this.warned = true;
  }

  /** Runs an operation; a failure names the resource and says its cause. */
  private async attempt<T>(key: ResourceKey, id: string | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof IncompleteResource) throw error;
      throw new Error(`${nameOf(key, id)}: ${sentence(reasonOf(error))}`);
    }
  }
}

function leadingArguments(args: Properties) {
  const known = (key: string) => (typeof args[key] === "string" && args[key] !== "" ? args[key] : undefined);
  return { kubeconfig: known("kubeconfig"), context: known("context"), cluster: known("cluster") };
}
