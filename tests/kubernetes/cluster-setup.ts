import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pack } from "tar-stream";
import { DEFAULT_IMAGES } from "../../components/kubernetes/platform/default-images";
import { dockerClient } from "../../toolchain/docker";
import { ToolchainError } from "../../toolchain/errors";
import { ensureClusterImage, ensureDefinitions, ensurePrograms, recipeEntry } from "../../toolchain/kubernetes/build";
import { type Cluster, ensureCluster } from "../../toolchain/kubernetes/ensure";
import { gatewayPluginRecipe, kubeconformRecipe, kubernetesRecipe } from "../../toolchain/kubernetes/recipes";
import { cacheLayout, checkout } from "../../toolchain/paths";
import setupServers from "../setup";
import { Server } from "./manifests/server";
import { deliverPlatform, PLUGIN_IN_IMAGE, type TestPlatform } from "./platform-setup";

const cache = cacheLayout(checkout);
/** What a gateway of the tests reads; its definitions are not the platform's. */
const GATEWAY_KINDS = ["BackendTLSPolicy", "Gateway", "GatewayClass", "GRPCRoute", "HTTPRoute", "ReferenceGrant"];
const GATEWAY_API = "/gateway.networking.k8s.io_";

/**
 * What the other real tests need, and a cluster with the images of the tests in it. The tests find
 * HEADGATE_TEST_KUBECONFIG and, as JSON, HEADGATE_TEST_CLUSTER. A cluster that was started here ends with the run.
 * Where none can be had, every file of this project fails with the reason, and the other projects run.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const releaseServers = await setupServers();
  let cluster: Cluster | undefined;
  let platform: TestPlatform | undefined;
  let undefine = async () => {};
  const release = async () => {
    await platform?.release();
    await undefine();
    await cluster?.release();
    await releaseServers();
  };
  try {
    cluster = await ensureCluster();
    process.env["HEADGATE_TEST_KUBECONFIG"] = cluster.kubeconfig;
    const loaded = await loadImages(cluster);
    const { bin } = await ensurePrograms(checkout, cache, console.log, kubeconformRecipe);
    const definitions = await ensureDefinitions(checkout, cache, console.log);
    const server = await Server.connect(cluster.kubeconfig);
    const gatewayApi = definitions.filter((file) => file.includes(GATEWAY_API));
    const made = await server.define(GATEWAY_KINDS, gatewayApi);
    undefine = async () => {
      for (const definition of made) await server.remove(definition);
    };
    platform = await deliverPlatform(cluster.kubeconfig, loaded.images, loaded.customResources);
    process.env["HEADGATE_TEST_CLUSTER"] = JSON.stringify({
      source: cluster.source,
      nodeAddress: cluster.nodeAddress,
      hostAddress: cluster.hostAddress,
      kubectl: kubectl(cluster),
      kubeconform: join(bin, "kubeconform"),
      definitions,
      ...loaded,
      routerPort: platform.routerPort,
      prometheus: platform.prometheus,
      scrapeInterval: platform.scrapeInterval,
    });
  } catch (error) {
    if (error instanceof ToolchainError) {
      console.log(`cluster    missing: ${error.message}`);
      process.env["HEADGATE_TEST_NO_CLUSTER"] = error.message;
      return release;
    }
    await release();
    throw error;
  }
  return release;
}

const kubectl = ({ source }: Cluster): string =>
  source === "user" ? "kubectl" : join(recipeEntry(checkout, cache, kubernetesRecipe).dir, "bin", "kubectl");

/**
 * The example service as the Docker Engine names it, the images by the names of the platform's arguments, and the paths
 * of the definitions that two of them need.
 */
async function loadImages(cluster: Cluster) {
  const bases = JSON.parse(process.env["HEADGATE_TEST_IMAGES"] ?? "{}") as { node?: string; prometheus?: string };
  const built = await buildHello(bases.node);
  const hello = await cluster.load(built);
  const ownArgo = await ensureClusterImage(checkout, cache, "argo", console.log);
  const traefik = await ensureClusterImage(checkout, cache, "traefik", console.log);
  const customResources = { argo: ownArgo.customResources, traefik: traefik.customResources };
  // A user's cluster pulls what it can; one that was started here has no way out.
  const pulls = cluster.source === "user" && bases.prometheus === undefined;
  if (!pulls) await docker().loadImage(createReadStream(ownArgo.archive)).then(followed);
  const argo = await cluster.load(await buildArgo(pulls ? DEFAULT_IMAGES.argo : ownArgo.reference));
  if (pulls) return { built, images: { ...DEFAULT_IMAGES, argo, hello }, customResources };
  const prometheus = await ensureClusterImage(checkout, cache, "prometheus", console.log);
  for (const { archive } of [traefik, prometheus]) await cluster.loadArchive(archive);
  const images = { argo, traefik: traefik.reference, prometheus: prometheus.reference, hello };
  return { built, images, customResources };
}

const docker = () => dockerClient(process.env["DOCKER_HOST"]);

async function buildHello(base: string | undefined): Promise<string> {
  const files = new Map<string, Buffer>();
  for (const name of ["Dockerfile", "server.js"]) {
    files.set(name, await readFile(join(checkout, "examples", "hello", name)));
  }
  return await buildImage("headgate/hello:test", files, base === undefined ? {} : { BASE: base });
}

/** The controller with a plugin for the Gateway API in its image, as a user without a way out would build it. */
async function buildArgo(base: string): Promise<string> {
  const { bin } = await ensurePrograms(checkout, cache, console.log, gatewayPluginRecipe);
  const plugin = process.env["HEADGATE_GATEWAY_API_PLUGIN"] ?? join(bin, "gateway-plugin");
  const files = new Map([
    ["Dockerfile", Buffer.from(`FROM ${base}\nCOPY plugin ${PLUGIN_IN_IMAGE}\n`)],
    ["plugin", await readFile(plugin)],
  ]);
  return await buildImage("headgate/argo-rollouts:test", files);
}

async function buildImage(tag: string, files: Map<string, Buffer>, buildargs = {}): Promise<string> {
  const context = pack();
  for (const [name, content] of files) context.entry({ name, mode: 0o755 }, content);
  context.finalize();
  await followed(await docker().buildImage(context.pipe(new PassThrough()), { t: tag, buildargs, version: "1" }));
  return tag;
}

async function followed(stream: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    docker().modem.followProgress(stream, (error: Error | null, events: { error?: string }[]) => {
      const failure = error?.message ?? events.find((event) => event.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(failure));
    });
  });
}
