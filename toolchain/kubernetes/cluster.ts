import { createReadStream, existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolchainError } from "../errors";
import { mustExec } from "../exec";
import type { CacheLayout } from "../paths";
import { componentArguments } from "./arguments";
import type { ClusterImage, KubernetesPrograms } from "./build";
import { certificateRequests, kubeconfigFor, makeCertificates } from "./certificates";
import { configurationFiles } from "./configuration";
import { dnsObjects } from "./dns";
import { API_PORT, type ClusterFiles, type ClusterIdentity, CONTAINERD_SOCKET } from "./layout";
import { Components, importImages } from "./processes";
import { type ClusterPurpose, type ClusterRecord, closePlace, openPlace, writeRecord } from "./registry";
import type { SystemPrograms } from "./system";

/** All that a cluster is made of, ready to start. */
export interface ClusterPieces {
  readonly programs: KubernetesPrograms;
  readonly networkPolicies: KubernetesPrograms;
  readonly system: SystemPrograms;
  readonly pause: ClusterImage;
  readonly coredns: ClusterImage;
}

export interface RunningCluster {
  readonly identity: ClusterIdentity;
  readonly files: ClusterFiles;
  readonly record: ClusterRecord;
}

const START_LIMIT_SECONDS = 120;

/** Starts a cluster of one node and waits until pods can run and find each other's names. */
export async function startCluster(
  cache: CacheLayout,
  pieces: ClusterPieces,
  owner: { readonly purpose: ClusterPurpose; readonly checkout: string },
): Promise<RunningCluster> {
  const place = await openPlace(cache, { ...owner, version: pieces.programs.version });
  try {
    await bringUp(place, pieces);
    const record = { ...place.record, ready: true };
    await writeRecord(place.files, record);
    return { ...place, record };
  } catch (error) {
    await closePlace(place.files, place.record, { keepLogs: true });
    throw error;
  }
}

async function bringUp({ identity, files, record }: RunningCluster, pieces: ClusterPieces): Promise<void> {
  const components = new Components(record.pid, [pieces.programs.bin, pieces.networkPolicies.bin], files);
  const until = waitUntil(components, files);
  const args = componentArguments(identity, files);
  const configuration = configurationFiles(identity, files, pieces.pause.reference, pieces.system.networkPlugins);
  for (const [name, text] of Object.entries(configuration)) await writeFile(files.config(name), text);
  components.start("etcd", args.etcd);
  components.start("containerd", args.containerd);

  const server = `https://${identity.nodeAddress}:${API_PORT}`;
  await makeCertificates(identity, pieces.system.openssl, files.certificates);
  await Promise.all(
    certificateRequests(identity).map(async ({ name }) => {
      const text = await kubeconfigFor(name, server, files.certificates);
      await writeFile(files.config(`${name}.kubeconfig`), text, { mode: 0o600 });
    }),
  );
  components.start("kube-apiserver", args["kube-apiserver"]);

  const images = (async () => {
    // As the cluster sees it, whose /run is its own.
    const socket = `/proc/${record.pid}/root${CONTAINERD_SOCKET}`;
    await until("containerd answers", async () => existsSync(socket));
    components.start("kubelet", args.kubelet);
    for (const { archive } of [pieces.pause, pieces.coredns]) {
      await importImages(record.pid, createReadStream(archive));
    }
  })();
  images.catch(() => {});

  const api = await apiClients(files.kubeconfig);
  await until("the API server is ready", () => api.ready());
  for (const name of ["network-policies", "kube-controller-manager", "kube-scheduler", "kube-proxy"] as const) {
    components.start(name, args[name]);
  }
  await images;
  const objects = files.config("dns.json");
  await writeFile(objects, JSON.stringify(dnsObjects(pieces.coredns.reference)));
  const kubectl = join(pieces.programs.bin, "kubectl");
  await mustExec(kubectl, ["--kubeconfig", files.kubeconfig, "apply", "--server-side", "-f", objects]);
  await until("the node is Ready", () => api.nodeReady(identity.node));
  // Without it no pod of the namespace is admitted.
  await until("the default service account exists", () => api.hasServiceAccount());
  await until("CoreDNS is available", () => api.dnsReady());
  await until("policies are enforced", async () =>
    (await readFile(join(files.logs, "network-policies.log"), "utf8")).includes("policies are enforced"),
  );
}

/** Waits for one condition after the other, all within the limit of a start. */
function waitUntil(components: Components, files: ClusterFiles) {
  const deadline = Date.now() + START_LIMIT_SECONDS * 1000;
  return async (what: string, check: () => Promise<boolean>): Promise<void> => {
    for (let last = ""; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      if (components.failure !== undefined) throw components.failure;
      const done = await check().catch((error: Error) => {
        last = `: ${error.message.split("\n")[0]}`;
        return false;
      });
      if (done) return;
      if (Date.now() > deadline) {
        throw new ToolchainError(
          `The cluster did not start in ${START_LIMIT_SECONDS} seconds: waited until ${what}${last}.`,
          `Its logs are in ${files.logs}.`,
        );
      }
    }
  };
}

/** The questions that tell whether a cluster is up. */
async function apiClients(kubeconfig: string) {
  const { AppsV1Api, CoreV1Api, Health, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  return {
    ready: () => new Health(config).readyz({}),
    nodeReady: async (name: string): Promise<boolean> => {
      const { status } = await core.readNode({ name });
      return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
    },
    hasServiceAccount: async (): Promise<boolean> => {
      await core.readNamespacedServiceAccount({ namespace: "default", name: "default" });
      return true;
    },
    dnsReady: async (): Promise<boolean> => {
      const { status } = await apps.readNamespacedDeployment({ namespace: "kube-system", name: "coredns" });
      return (status?.availableReplicas ?? 0) > 0;
    },
  };
}
