import { existsSync } from "node:fs";
import { join } from "node:path";
import { canInstall, isDebian } from "./debian";
import { type Decision, decide } from "./decisions";
import { type DockerEngine, findDocker, noDocker } from "./docker";
import { engineEntry, findEngine, minimumPulumi } from "./engine";
import { ToolchainError } from "./errors";
import { which } from "./exec";
import { findGo, isRecent } from "./go";
import { hasImages, probeRegistry } from "./images";
import { recipeEntry } from "./kubernetes/build";
import { clusterImageRecipes, type GoRecipe, kubernetesRecipe, networkPoliciesRecipe } from "./kubernetes/recipes";
import { missingPrograms, noCluster, whyNoCluster } from "./kubernetes/system";
import { findUserCluster } from "./kubernetes/user-cluster";
import { type CacheLayout, packageVersion } from "./paths";
import { inspectPlugin, type PluginName, packages, pluginFolder, providerEntry, userPlugins } from "./plugins";

export interface Finding {
  readonly piece: string;
  /** "later" is not here yet, and the toolchain makes it when it is needed. */
  readonly state: "found" | "later" | "missing";
  readonly what: string;
  readonly fix?: string;
}

/** Looks at every piece and changes nothing. */
export async function doctor(root: string, cache: CacheLayout): Promise<Finding[]> {
  const docker = await findDocker();
  return [
    nodeFinding(process.version),
    flockFinding(which("flock")),
    await engineFinding(root, cache),
    ...(await Promise.all(packages.map((name) => pluginFinding(name, root, cache)))),
    dockerFinding(docker, canInstall(), Boolean(process.env["DOCKER_HOST"])),
    await imagesFinding(root, docker, cache),
    await clusterFinding(root, cache),
  ];
}

function nodeFinding(version: string): Finding {
  return version.startsWith("v24.")
    ? { piece: "node", state: "found", what: version }
    : { piece: "node", state: "missing", what: `this is ${version}`, fix: "Run it by make, which uses Node 24." };
}

function flockFinding(path: string | undefined): Finding {
  return path === undefined
    ? { piece: "flock", state: "missing", what: "not on PATH", fix: "Install util-linux (macOS: brew install flock)." }
    : { piece: "flock", state: "found", what: path };
}

async function engineFinding(root: string, cache: CacheLayout): Promise<Finding> {
  const piece = "pulumi";
  const { engine, why } = await findEngine();
  if (engine !== undefined) return { piece, state: "found", what: `${engine.version} in ${engine.bin}` };
  const { dir, version } = engineEntry(root, cache);
  if (existsSync(dir)) return { piece, state: "found", what: `${version} built in ${dir}` };
  const go = await findGo();
  if (go !== undefined && isRecent(go))
    return { piece, state: "later", what: `${why}; will be built with go ${go.version}` };
  if (canInstall()) return { piece, state: "later", what: `${why}; will be built with a Go fetched for it` };
  return { piece, state: "missing", what: why, fix: `Install the Pulumi CLI >= ${minimumPulumi}, or Go >= 1.21.` };
}

async function pluginFinding(name: PluginName, root: string, cache: CacheLayout): Promise<Finding> {
  const version = packageVersion(root, `@pulumi/${name}`);
  const piece = `${name} ${version}`;
  for (const plugins of [join(cache.pulumiHome, "plugins"), userPlugins()]) {
    const kind = await inspectPlugin(join(plugins, pluginFolder(version, name)), name);
    if (kind !== "none") return { piece, state: "found", what: `the ${kind} provider plugin in ${plugins}` };
  }
  return existsSync(providerEntry(root, name))
    ? { piece, state: "later", what: "will be downloaded, or the testkit's own put in its place" }
    : {
        piece,
        state: "missing",
        what: "no provider plugin",
        fix: `Run: pulumi plugin install resource ${name} v${version}`,
      };
}

export function dockerFinding(docker: DockerEngine | undefined, installable: boolean, hostIsSet: boolean): Finding {
  const piece = "docker";
  if (docker !== undefined)
    return { piece, state: "found", what: `${docker.version}, ${docker.host ?? "default host"}` };
  if (installable && !hostIsSet) return { piece, state: "later", what: "not running; will be started" };
  return { piece, state: "missing", what: "no engine answers", fix: noDocker().fix };
}

async function imagesFinding(root: string, docker: DockerEngine | undefined, cache: CacheLayout): Promise<Finding> {
  const piece = "images";
  if (docker === undefined) return { piece, state: "later", what: "known once Docker answers" };
  const answer: Decision = await decide(cache.decisions, "image-registry", () => probeRegistry(docker));
  if (answer.yes) return { piece, state: "found", what: `official ones (${answer.why})` };
  if (await hasImages(root, docker)) return { piece, state: "found", what: `base images built here (${answer.why})` };
  if (isDebian()) return { piece, state: "later", what: `${answer.why}; built out of Debian packages, once` };
  return { piece, state: "missing", what: answer.why, fix: "Give the machine an image registry, or use Debian." };
}

async function clusterFinding(root: string, cache: CacheLayout): Promise<Finding> {
  const piece = "cluster";
  try {
    const user = await findUserCluster();
    if (user) return { piece, state: "found", what: `${user.version} at ${user.server}, the cluster of KUBECONFIG` };
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    return { piece, state: "missing", what: error.problem, fix: error.fix };
  }
  const why = whyNoCluster();
  if (why !== undefined) return { piece, state: "missing", what: why, fix: noCluster(why).fix };
  const recipes = [kubernetesRecipe, networkPoliciesRecipe, ...Object.values(clusterImageRecipes)];
  const entries = recipes.map((recipe) => ({ recipe, ...recipeEntry(root, cache, recipe) }));
  const unbuilt = entries.filter(({ dir }) => !existsSync(dir)).map(({ recipe }) => recipe);
  const go = await findGo();
  return startableFinding(entries[0]?.version ?? "", {
    programs: missingPrograms(),
    unbuilt,
    hasGo: go !== undefined || canInstall(),
  });
}

/** What a cluster that can be started on this machine still needs. */
export function startableFinding(
  version: string,
  needs: {
    /** Programs that Debian's packages will bring. */
    readonly programs: readonly string[];
    readonly unbuilt: readonly Pick<GoRecipe, "folder" | "buildSeconds">[];
    readonly hasGo: boolean;
  },
): Finding {
  const piece = "cluster";
  const { programs, unbuilt, hasGo } = needs;
  const names = unbuilt.map(({ folder }) => folder).join(", ");
  if (unbuilt.length > 0 && !hasGo) {
    return {
      piece,
      state: "missing",
      what: `no go to build ${names} with`,
      fix: "Install Go >= 1.21, or set KUBECONFIG.",
    };
  }
  const minutes = Math.ceil(unbuilt.reduce((sum, { buildSeconds }) => sum + buildSeconds, 0) / 60);
  const work = [
    ...(programs.length > 0 ? [`${programs.join(", ")} will be installed from Debian's packages`] : []),
    ...(unbuilt.length > 0
      ? [`${names} will be built from Go modules, about ${minutes} min with an empty Go cache`]
      : []),
  ];
  return work.length > 0
    ? { piece, state: "later", what: `Kubernetes ${version}: ${work.join("; ")}` }
    : { piece, state: "found", what: `Kubernetes ${version} and its platform are built; a cluster starts in seconds` };
}

/** Prints the findings and gives the exit code: 1 if something is missing that cannot be made. */
export function printDoctor(findings: readonly Finding[], json: boolean): number {
  const code = findings.some(({ state }) => state === "missing") ? 1 : 0;
  if (json) {
    console.log(JSON.stringify({ ok: code === 0, findings }, null, 2));
    return code;
  }
  for (const { piece, state, what, fix } of findings) {
    console.log(
      `${piece.padEnd(18)} ${state.padEnd(8)} ${what}${fix === undefined ? "" : `\n${"".padEnd(28)}fix: ${fix}`}`,
    );
  }
  return code;
}
