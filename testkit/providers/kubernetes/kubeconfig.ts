import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesConfig } from "./config";

type Loaded = Pick<KubernetesConfig, "kubeconfig" | "context" | "cluster">;

/** Loads the kubeconfig of the arguments or of the surroundings. The client library is loaded here, once needed. */
export async function loadKubeconfig(config: Loaded, environment: NodeJS.ProcessEnv): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const kubeconfig = new KubeConfig();
  if (config.kubeconfig !== undefined) fromTextOrPath(kubeconfig, config.kubeconfig);
  else fromSurroundings(kubeconfig, () => new KubeConfig(), environment);
  if (config.context !== undefined) kubeconfig.setCurrentContext(config.context);
  const context = kubeconfig.getContextObject(kubeconfig.getCurrentContext());
  if (context === null) {
    const known = kubeconfig.getContexts().map(({ name }) => name);
    throw new Error(
      `the kubeconfig has no context "${kubeconfig.getCurrentContext() ?? ""}" (it has ${known.join(", ") || "none"})`,
    );
  }
  const { cluster = context.cluster } = config;
  if (kubeconfig.getCluster(cluster) === null) throw new Error(`the kubeconfig has no cluster "${cluster}"`);
  const others = kubeconfig.contexts.filter(({ name }) => name !== context.name);
  kubeconfig.contexts = [...others, { ...context, cluster }];
  return kubeconfig;
}

function fromTextOrPath(into: KubeConfig, textOrPath: string): void {
  if (looksLikeText(textOrPath)) {
    parsed("the provider's kubeconfig", () => into.loadFromString(textOrPath));
    return;
  }
  const path = textOrPath.replace(/^~(?=\/|$)/, homedir());
  if (!existsSync(path)) throw new Error(`the kubeconfig ${path} does not exist`);
  parsed(path, () => into.loadFromFile(path));
}

function looksLikeText(textOrPath: string): boolean {
  return textOrPath.includes("\n") || textOrPath.trimStart().startsWith("{");
}

function fromSurroundings(into: KubeConfig, another: () => KubeConfig, environment: NodeJS.ProcessEnv): void {
  const named = (environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const wanted = named.length > 0 ? named : [join(environment.HOME ?? homedir(), ".kube", "config")];
  const [first, ...others] = wanted.filter((path) => existsSync(path));
  if (first !== undefined) {
    parsed(first, () => into.loadFromFile(first));
    for (const path of others) {
      const more = another();
      parsed(path, () => more.loadFromFile(path));
      into.mergeConfig(more, true);
    }
  } else if (environment.KUBERNETES_SERVICE_HOST !== undefined) {
    into.loadFromCluster();
  } else {
    throw new Error(
      `there is no kubeconfig (looked for ${wanted.join(", ")}). Set the provider's kubeconfig or the variable KUBECONFIG`,
    );
  }
}

/** The parser's message can hold a piece of the file, and with it a credential: only the fact is told. */
function parsed(what: string, load: () => void): void {
  try {
    load();
  } catch {
    throw new Error(`${what} cannot be read as a kubeconfig`);
  }
}

/** What identifies the cluster a kubeconfig leads to; undefined when it leads to none. */
export function clusterOf(config: Loaded, readYaml: (text: string) => unknown): string | undefined {
  if (config.kubeconfig === undefined) return undefined;
  try {
    const path = config.kubeconfig.replace(/^~(?=\/|$)/, homedir());
    const content = looksLikeText(config.kubeconfig) ? config.kubeconfig : readFileSync(path, "utf8");
    const { contexts = [], clusters = [], ...rest } = readYaml(content) as KubeconfigFile;
    const context = contexts.find(({ name }) => name === (config.context ?? rest["current-context"]));
    const name = config.cluster ?? context?.context.cluster;
    const found = clusters.find((cluster) => cluster.name === name);
    return found === undefined ? undefined : JSON.stringify(found.cluster);
  } catch {
    return undefined;
  }
}

interface KubeconfigFile {
  "current-context"?: string;
  contexts?: { name: string; context: { cluster: string } }[];
  clusters?: { name: string; cluster: unknown }[];
}
