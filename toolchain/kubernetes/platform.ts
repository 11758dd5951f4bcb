import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { backendEnv, ensureToolchain } from "../env";
import { ToolchainError } from "../errors";
import { exec, mustExec } from "../exec";
import { withLock } from "../lock";
import { type CacheLayout, checkout, shortHash } from "../paths";
import { type Log, line } from "../report";
import { type Ended, LocalStack, type StackState, type StateResource } from "../stack";
import { type ClusterImage, ensureClusterImage, recipeEntry } from "./build";
import type { RunningCluster } from "./cluster";
import { kubernetesRecipe } from "./recipes";
import { missingPieces, type PlatformSurvey, pieceState, surveyPlatform } from "./survey";

/** The program that delivers a platform, here as on a user's own cluster; a path in the checkout. */
export const PLATFORM_PROGRAM = join("examples", "kubernetes", "platform");
const PROJECT = "kubernetes-platform";
export const PLATFORM_NAMESPACE = "headgate";
/** Programs that the platform runs as pods. */
export const PLATFORM_IMAGES = ["argo", "traefik", "prometheus"] as const;
/** A cluster for trying out: decisions are as fresh as this. */
export const SCRAPE_INTERVAL = "2s";
/** Of the router, on the node. The same in each cluster, as each has a node of its own. */
const WEB_PORT = 30_080;
const STACK = "cluster";

type Role = (typeof PLATFORM_IMAGES)[number];

/** What the program is told as `platform`: one copy of each piece, reached by a port of the node. */
export function platformSettings(
  images: Readonly<Record<Role, string>>,
  customResources: Readonly<Record<"argo" | "traefik", readonly string[]>>,
  webNodePort?: number,
) {
  const crds = ([file]: readonly string[]) => (file === undefined ? {} : { crds: dirname(file) });
  return {
    argoRollouts: { image: images.argo, ...crds(customResources.argo), keepCrds: false, replicas: 1 },
    traefik: {
      image: images.traefik,
      ...crds(customResources.traefik),
      keepCrds: false,
      replicas: 1,
      serviceType: "NodePort",
      ...(webNodePort !== undefined && { webNodePort }),
    },
    prometheus: { image: images.prometheus, scrapeInterval: SCRAPE_INTERVAL, retention: "2h" },
  };
}

/**
 * Has the library install Argo Rollouts, Traefik and Prometheus in a cluster that was started here and has their
 * images. What is there already stays as it is. The stack's state lies in the cluster's folder and ends with it.
 */
export async function deliverPlatform(
  { identity, files }: Pick<RunningCluster, "identity" | "files">,
  cache: CacheLayout,
  log: Log,
): Promise<PlatformSurvey> {
  const cluster = { kubeconfig: files.kubeconfig, state: files.config("platform") };
  return await withLock(join(cache.locks, `platform-${identity.number}.lock`), async () => {
    const settings = await ownSettings(cache);
    const key = await deliveryKey(checkout, settings);
    const kubectl = join(recipeEntry(checkout, cache, kubernetesRecipe).dir, "bin", "kubectl");
    const delivered = await isDelivered(cluster, key, kubectl);
    const before = await surveyPlatform(cluster.kubeconfig, PLATFORM_NAMESPACE);
    if (delivered && missingPieces(before).length === 0) {
      for (const piece of before.pieces) log(line(piece.name, piece.version, pieceState(piece)));
      log(line("platform", "", "is there; nothing changed"));
      return before;
    }
    // A folder that is there belongs to a delivery that did not end well, to other settings, or to lost objects.
    const again = existsSync(cluster.state);
    const stack = await openStack(cluster, settings, cache, log);
    if (again) {
      await stack.collect("cancel");
      const rest = objectsOf(halfMade(await stack.state()));
      const deletion = ["--kubeconfig", cluster.kubeconfig, "delete", "--ignore-not-found", "-f"];
      if (rest.length > 0) await mustExec(kubectl, [...deletion, await writeObjects(cluster.state, rest)]);
    }
    await rm(recordOf(cluster.state), { force: true });
    log(line("platform", "", again ? "is brought up to date" : "is delivered, about a minute"));
    const progress = tellProgress(cluster.kubeconfig, log);
    const ended = await stack.collect("up", again ? ["--refresh"] : [], (text) => {
      const failure = failureIn(text);
      if (failure !== undefined) log(line("platform", "", failure));
    });
    await progress.end();

    const logFile = join(files.logs, "platform.log");
    await writeFile(logFile, ended.output);
    if (ended.code !== 0) throw notDelivered(ended, logFile);
    await writeFile(
      recordOf(cluster.state),
      JSON.stringify({ key, objects: objectsOf((await stack.state()).resources) }),
    );
    log(line("platform", "", outcome(ended.output)));
    return await surveyPlatform(cluster.kubeconfig, PLATFORM_NAMESPACE);
  });
}

interface PlatformPlace {
  readonly kubeconfig: string;
  readonly state: string;
}

/** Written when a delivery has ended well: what it was made of, and the objects it made. */
const recordOf = (state: string): string => join(state, "delivered.json");

async function ownSettings(cache: CacheLayout) {
  const images = {} as Record<Role, ClusterImage>;
  for (const role of PLATFORM_IMAGES) images[role] = await ensureClusterImage(checkout, cache, role, () => {});
  const references = Object.fromEntries(PLATFORM_IMAGES.map((role) => [role, images[role].reference]));
  const customResources = { argo: images.argo.customResources, traefik: images.traefik.customResources };
  return platformSettings(references as Record<Role, string>, customResources, WEB_PORT);
}

/** What a delivery is made of: the settings, the program, and the library's sources. */
export async function deliveryKey(root: string, settings: object): Promise<string> {
  const sources: string[] = [];
  for (const folder of [PLATFORM_PROGRAM, "components"]) {
    const names = (await readdir(join(root, folder), { recursive: true })).sort();
    const programs = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
    for (const name of programs) sources.push(name, await readFile(join(root, folder, name), "utf8"));
  }
  return shortHash(JSON.stringify(settings), ...sources);
}

/** Whether the last delivery was this one and ended well, and its objects are there. */
async function isDelivered({ kubeconfig, state }: PlatformPlace, key: string, kubectl: string): Promise<boolean> {
  const text = await readFile(recordOf(state), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  const { key: deliveredKey, objects } = JSON.parse(text) as { key: string; objects: object[] };
  if (deliveredKey !== key) return false;
  const list = await writeObjects(state, objects);
  return (await exec(kubectl, ["--kubeconfig", kubeconfig, "get", "-f", list, "-o", "name"])).code === 0;
}

/** A file of objects for kubectl. */
async function writeObjects(state: string, items: readonly object[]): Promise<string> {
  const file = join(state, "objects.json");
  await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  return file;
}

/** What a state names of each Kubernetes object it holds: enough to look for it. */
export function objectsOf(resources: readonly StateResource[] = []): object[] {
  return resources.flatMap(({ type, inputs }) => {
    if (!type.startsWith("kubernetes:")) return [];
    const { apiVersion, kind, metadata } = inputs as { apiVersion: string; kind: string; metadata: Metadata };
    const { name, namespace } = metadata;
    return [{ apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }];
  });
}

/** Resources that a killed delivery was making: their objects may be there, and the state does not know of them. */
export function halfMade({ resources = [], pending_operations = [] }: StackState): StateResource[] {
  const known = new Set(resources.map(({ urn }) => urn));
  return pending_operations.flatMap(({ type, resource }) =>
    type === "creating" && !known.has(resource.urn) ? [resource] : [],
  );
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

async function openStack(
  { kubeconfig, state }: PlatformPlace,
  settings: object,
  cache: CacheLayout,
  log: Log,
): Promise<LocalStack> {
  const tools = await ensureToolchain({ engine: true, plugins: true, log });
  // The user's own backend is for stacks that last.
  const backend = await backendEnv({ ...cache, state }, { HOME: state });
  const passphrase = await readFile(backend["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", "utf8");
  const env = { ...tools.env, ...backend, PULUMI_CONFIG_PASSPHRASE: passphrase, KUBECONFIG: kubeconfig };
  const configuration = join(state, "platform.yaml");
  await writeFile(configuration, `config:\n  ${PROJECT}:platform: ${JSON.stringify(settings)}\n`);
  const place = { program: join(checkout, PLATFORM_PROGRAM), state };
  return await LocalStack.open({ ...tools, env }, STACK, configuration, place);
}

/** Tells of every piece whenever its pods change, until the end. */
function tellProgress(kubeconfig: string, log: Log): { end(): Promise<void> } {
  const told = new Map<string, string>();
  const look = async (): Promise<void> => {
    // The delivery itself says what is wrong with the API server.
    const survey = await surveyPlatform(kubeconfig, PLATFORM_NAMESPACE).catch(() => undefined);
    for (const piece of survey?.pieces ?? []) {
      const state = pieceState(piece);
      if (told.get(piece.name) !== state) log(line(piece.name, piece.version, state));
      told.set(piece.name, state);
    }
  };
  let ended = false;
  const watching = (async () => {
    while (!ended) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await look();
  })();
  return {
    end: async () => {
      ended = true;
      await watching;
    },
  };
}

/** What went wrong with an object, out of a line of Pulumi's progress: others may still be waited for. */
export function failureIn(text: string): string | undefined {
  return /^ \S+ +(kubernetes:.*) \*\*\w+ failed\*\* error: (.*)$/.exec(text)?.slice(1).join(": ");
}

function notDelivered({ output }: Ended, logFile: string): ToolchainError {
  return new ToolchainError(
    `The platform is not complete:\n${reasonOf(output)}\n`,
    "The cluster runs. Correct what is wrong and run make cluster again, which goes on from here; or make " +
      "cluster-down to start over; or make cluster ARGS=--bare to have no platform installed. " +
      `All that Pulumi said is in ${logFile}.`,
  );
}

/** The errors of a Pulumi operation without what stands around them; its last lines where it names none. */
export function reasonOf(output: string): string {
  const lines = output.split("\n");
  const start = lines.lastIndexOf("Diagnostics:");
  const end = lines.findIndex((text, index) => index > start && /^\S/.test(text));
  const diagnostics = start < 0 ? [] : lines.slice(start + 1, end < 0 ? undefined : end);
  // Each piece begins with whom it is about; the stack's own error says only that there is one.
  const errors = diagnostics.filter((text) => text.trim() !== "" && !/^\s+error: (update|preview) failed$/.test(text));
  const telling = errors.filter((text, index) => !/^ {2}\S/.test(text) || /^ {4}/.test(errors[index + 1] ?? ""));
  return telling.length > 0 ? telling.join("\n") : output.trim().split("\n").slice(-15).join("\n");
}

/** What an update that went well did. */
export function outcome(output: string): string {
  const changes = /^Resources:\n((?: {4}.*\n)+)/m.exec(output)?.[1] ?? "";
  const counts = [...changes.matchAll(/^ {4}[-+~]+ ?(\d+ .*)$/gm)].map(([, count = ""]) => count);
  return counts.length === 0 ? "is there; nothing changed" : `is there: ${counts.join(", ")}`;
}
