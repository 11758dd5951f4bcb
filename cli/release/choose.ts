import { readFileSync } from "node:fs";
import { UsageError } from "../command";
import type { ReleaseTarget } from "./target";

/** What the command line says about where a service is. */
export interface Place {
  engine?: string | undefined;
  guard?: string | undefined;
  docker: boolean;
  namespace?: string | undefined;
  context?: string | undefined;
  /** Path of a kubeconfig. */
  kubeconfig?: string | undefined;
  kubernetes: boolean;
}

/** Which of the two the flags name; undefined: neither. Throws UsageError for both. */
export function namedTarget(place: Place): "docker" | "kubernetes" | undefined {
  const docker = place.docker || place.engine !== undefined || place.guard !== undefined;
  const { namespace, context, kubeconfig } = place;
  const kubernetes = place.kubernetes || [namespace, context, kubeconfig].some((flag) => flag !== undefined);
  if (docker && kubernetes) {
    throw new UsageError("headgate: --engine, --guard and --docker do not go with the flags of a cluster. Choose one.");
  }
  return docker ? "docker" : kubernetes ? "kubernetes" : undefined;
}

/** Opens the place that the flags name; without any the Docker host that knows the service, else the cluster. */
export async function chooseTarget(place: Place, service: string): Promise<ReleaseTarget> {
  const named = namedTarget(place);
  if (named === "docker") return docker(place);
  if (named === "kubernetes") return kubernetes(place);
  const found: string[] = [];
  for (const open of [dockerThatKnows, kubernetesThatKnows]) {
    const target = await open(place, service);
    if (typeof target !== "string") return target;
    found.push(target);
  }
  throw new UsageError(
    `headgate: "${service}" was not found.\n${found.map((line) => `  ${line}`).join("\n")}\n` +
      "Say where it is with --engine and --guard, or with --namespace, --context and --kubeconfig.",
  );
}

async function dockerThatKnows(_place: Place, service: string): Promise<ReleaseTarget | string> {
  const { connectEngine, guardsOf, openDocker } = await dockerSide();
  let guards: string[];
  try {
    guards = await guardsOf(connectEngine(""));
  } catch (error) {
    return `Docker: no engine answers (${error instanceof Error ? error.message : error})`;
  }
  for (const guard of guards) {
    const target = await openDocker("", guard);
    if ((await target.look(service)) !== undefined) return target;
    target.close();
  }
  return guards.length === 0 ? "Docker: no guard runs on this engine" : `Docker: not known to ${guards.join(", ")}`;
}

async function kubernetesThatKnows(place: Place, service: string): Promise<ReleaseTarget | string> {
  try {
    const target = await kubernetes(place);
    if ((await target.look(service)) !== undefined) return target;
    target.close();
    return "Kubernetes: there is no such Rollout in the namespace of the current context";
  } catch (error) {
    return `Kubernetes: ${error instanceof Error ? error.message : error}`;
  }
}

/** Loaded when it is asked for: whoever looks at a cluster needs none of it. */
const dockerSide = () => import("./docker.js");

async function docker({ engine = "", guard }: Place): Promise<ReleaseTarget> {
  return (await dockerSide()).openDocker(engine, guard);
}

async function kubernetes({ kubeconfig, context = "", namespace = "" }: Place): Promise<ReleaseTarget> {
  const text = kubeconfig === undefined ? "" : readKubeconfig(kubeconfig);
  const { openKubernetes } = await import("./kubernetes.js");
  return openKubernetes({ kubeconfig: text, context }, namespace);
}

function readKubeconfig(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`headgate: --kubeconfig cannot be read (got ${path}). Give the path of a kubeconfig.`);
  }
}
