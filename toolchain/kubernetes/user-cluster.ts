import { delimiter } from "node:path";
import { ToolchainError } from "../errors";
import { mustExec, which } from "../exec";

/** A cluster of the user's own, which is never stopped here. */
export interface UserCluster {
  readonly kubeconfig: string;
  readonly context: string;
  readonly server: string;
  readonly version: string;
  /** Address of the first node, or of the API server where nodes may not be listed. */
  readonly nodeAddress: string;
}

/** The file that KUBECONFIG names; `undefined` without one. */
export function kubeconfigPath(env: NodeJS.ProcessEnv): string | undefined {
  const value = env["KUBECONFIG"];
  if (!value) return undefined;
  if (value.includes(delimiter)) {
    throw new ToolchainError(`KUBECONFIG names several files (${value}).`, "Set it to one file, or unset it.");
  }
  return value;
}

/** The cluster of the current context in KUBECONFIG. */
export async function findUserCluster(env: NodeJS.ProcessEnv = process.env): Promise<UserCluster | undefined> {
  const kubeconfig = kubeconfigPath(env);
  if (kubeconfig === undefined) return undefined;
  const { CoreV1Api, KubeConfig, VersionApi } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const unusable = (why: string) =>
    new ToolchainError(`KUBECONFIG (${kubeconfig}): ${why}.`, "Correct it, or unset KUBECONFIG.");
  try {
    config.loadFromFile(kubeconfig);
  } catch (error) {
    throw unusable(`it cannot be read (${error instanceof Error ? error.message : error})`);
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw unusable(`its current context "${config.currentContext}" names no cluster`);
  const limit = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error("no answer in 10 seconds")), 10_000).unref(),
  );
  const found = await Promise.race([config.makeApiClient(VersionApi).getCode(), limit]).catch((error: Error) => {
    throw unusable(`the API server ${server} cannot be reached (${error.message.split("\n")[0]})`);
  });
  const nodes = await config
    .makeApiClient(CoreV1Api)
    .listNode()
    .catch(() => undefined);
  const addresses = nodes?.items.flatMap(({ status }) => status?.addresses ?? []) ?? [];
  const nodeAddress = addresses.find(({ type }) => type === "InternalIP")?.address ?? new URL(server).hostname;
  return { kubeconfig, context: config.currentContext, server, version: found.gitVersion, nodeAddress };
}

/**
 * The command that brings what Docker has, or an archive, into a cluster that kind or k3d made; `undefined` for others.
 * Both put their name before that of the cluster in the name of the context.
 */
export function loadCommand(
  context: string,
  what: { readonly image: string } | { readonly archive: string },
): readonly [string, ...string[]] | undefined {
  const [, tool, cluster] = /^(kind|k3d)-(.+)$/.exec(context) ?? [];
  if (cluster === undefined) return undefined;
  const source = "image" in what ? what.image : what.archive;
  if (tool === "k3d") return ["k3d", "image", "import", source, "--cluster", cluster];
  return ["kind", "load", "image" in what ? "docker-image" : "image-archive", source, "--name", cluster];
}

/** Brings an image into a user's cluster. */
export async function loadIntoUserCluster(
  { context }: UserCluster,
  what: { readonly image: string } | { readonly archive: string },
): Promise<void> {
  const [tool, ...args] = loadCommand(context, what) ?? [];
  if (tool === undefined || which(tool) === undefined) {
    throw new ToolchainError(
      `"${"image" in what ? what.image : what.archive}" cannot be brought into the cluster of context "${context}": ` +
        (tool === undefined ? "it was made neither by kind nor by k3d." : `${tool} is not on PATH.`),
      tool === undefined ? "Unset KUBECONFIG to have a cluster started." : `Install ${tool}, or unset KUBECONFIG.`,
    );
  }
  await mustExec(tool, args);
}
