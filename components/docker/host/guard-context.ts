import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

/** Volumes of a host; each is a folder /volumes/<name> of the guard's image, from which it gets its owner. */
export const VOLUMES = [
  "state",
  "gateway",
  "sockets",
  "targets",
  "certificates",
  "prometheus",
  "alertmanager",
  "registry",
  "grafana",
] as const;
export type VolumeName = (typeof VOLUMES)[number];

/**
 * Folder to build the guard's image from. An installed package ships it; a checkout bundles it when a source is newer.
 */
export function guardContext(): string {
  const installed = __dirname.includes(`${sep}node_modules${sep}`) || __dirname.includes(`${sep}dist${sep}`);
  const root = packageRoot();
  const context = join(root, "dist", "guard");
  if (installed) return context;
  const bundle = join(context, "guard.js");
  const sources = ["docker/guard", "release", "model"].flatMap((folder) => filesOf(join(root, "components", folder)));
  const newest = Math.max(...[...sources, __filename].map((file) => statSync(file).mtimeMs));
  if (!existsSync(bundle) || statSync(bundle).mtimeMs < newest) bundleGuard(root, context);
  return context;
}

/** Writes the whole context beside its place and moves it there, so that two programs at once never see half of it. */
function bundleGuard(root: string, context: string): void {
  const { buildSync } = createRequire(__filename)("esbuild") as typeof import("esbuild");
  const draft = `${context}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  buildSync({
    entryPoints: [join(root, "components", "docker", "guard", "main.ts")],
    outfile: join(draft, "guard.js"),
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    legalComments: "none",
    absWorkingDir: root,
  });
  copyFileSync(join(root, "components", "docker", "guard", "Dockerfile"), join(draft, "Dockerfile"));
  for (const volume of VOLUMES) {
    mkdirSync(join(draft, "volumes", volume), { recursive: true });
    writeFileSync(join(draft, "volumes", volume, ".keep"), "");
  }
  rmSync(context, { recursive: true, force: true });
  try {
    renameSync(draft, context);
  } catch {
    // Another program was first; what it made is as new.
    rmSync(draft, { recursive: true, force: true });
  }
}

function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(folder, entry.name));
}
