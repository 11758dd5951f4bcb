import { readFileSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheEntry } from "./cache";
import { exec, mustExec, which } from "./exec";
import { ensureGo, goBuild, goEnv } from "./go";
import { type CacheLayout, shortHash } from "./paths";
import { type Log, line } from "./report";
import { atLeast } from "./version";

export interface Engine {
  /** The folder to put on PATH: `pulumi` and the Node.js language host. */
  readonly bin: string;
  readonly version: string;
  readonly source: "path" | "built";
}

export const minimumPulumi = "3.250.0";

const cli = { folder: "pulumi", module: "github.com/pulumi/pulumi/pkg/v3", path: "cmd/pulumi", program: "pulumi" };
const host = {
  folder: "language-nodejs",
  module: "github.com/pulumi/pulumi/sdk/v3",
  path: "nodejs/cmd/pulumi-language-nodejs",
  program: "pulumi-language-nodejs",
};

/** Dynamic providers run on this program; it belongs to the SDK that the Pulumi project itself has installed. */
const dynamicProvider = `#!/bin/sh
exec node "$(node -p "require.resolve('@pulumi/pulumi/cmd/dynamic-provider')")" "$@"
`;

/** Why a `pulumi` on PATH cannot be used, or `undefined` when it can. */
export function unusable(version: string, hasLanguageHost: boolean): string | undefined {
  if (!atLeast(version, minimumPulumi)) return `${version || "unknown version"} is older than ${minimumPulumi}`;
  return hasLanguageHost ? undefined : "pulumi-language-nodejs is not beside it";
}

export async function findEngine(): Promise<{ readonly engine?: Engine; readonly why: string }> {
  const command = which(cli.program);
  if (command === undefined) return { why: "no pulumi on PATH" };
  const { stdout } = await exec(command, ["version"], { env: { PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 20_000 });
  const version = stdout.trim();
  const why = unusable(version, which(host.program) !== undefined);
  return why === undefined
    ? { engine: { bin: dirname(command), version, source: "path" }, why: "on PATH" }
    : { why: `${command}: ${why}` };
}

/** The version that a wrapper module under `toolchain/go` pins. */
export function pinnedVersion(goMod: string, module: string): string {
  const found = goMod.split("\n").find((text) =>
    text
      .replace(/^require\s+/, "")
      .trim()
      .startsWith(`${module} v`),
  );
  const version = found === undefined ? undefined : /\sv\S+/.exec(found)?.[0].trim();
  if (version === undefined) throw new Error(`go.mod does not require ${module}. Restore it from the repository.`);
  return version;
}

const wrapper = (root: string, folder: string, file: string): string => join(root, "toolchain", "go", folder, file);

/** Where the built engine of this checkout's recipe lies. */
export function engineEntry(root: string, cache: CacheLayout): { readonly dir: string; readonly version: string } {
  const recipe = [cli, host].flatMap(({ folder }) =>
    ["go.mod", "go.sum", "tools.go"].map((file) => readFileSync(wrapper(root, folder, file), "utf8")),
  );
  recipe.push(readFileSync(wrapper(root, host.folder, host.program), "utf8"));
  const version = pinnedVersion(recipe[0] ?? "", cli.module);
  const key = shortHash(...recipe, dynamicProvider, process.platform, process.arch);
  return { dir: join(cache.root, "engine", `${version}-${key}`), version };
}

export async function ensureEngine(root: string, cache: CacheLayout, log: Log): Promise<Engine> {
  const found = await findEngine();
  if (found.engine !== undefined) {
    log(line("pulumi", found.engine.version, `on PATH (${found.engine.bin})`));
    return found.engine;
  }
  const { dir, version } = engineEntry(root, cache);
  const entry = await cacheEntry(dir, join(cache.locks, "engine.lock"), async (part) => {
    const go = await ensureGo(
      wrapper(root, cli.folder, "go.mod"),
      { piece: "Pulumi", instead: `the Pulumi CLI >= ${minimumPulumi}` },
      log,
    );
    log(line("pulumi", version, `${found.why}; building from Go modules with go ${go.version}, about 4 minutes`));
    const bin = join(part, "bin");
    await mkdir(bin);
    for (const { folder, module, path, file } of [
      { ...cli, file: cli.program },
      { ...host, file: `${host.program}.bin` },
    ]) {
      const pinned = pinnedVersion(readFileSync(wrapper(root, folder, "go.mod"), "utf8"), module);
      const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pinned}`;
      await mustExec(go.command, [...goBuild, "-ldflags", stamp, "-o", join(bin, file), `${module}/${path}`], {
        cwd: dirname(wrapper(root, folder, "go.mod")),
        env: goEnv,
      });
    }
    await writeFile(join(bin, "pulumi-resource-pulumi-nodejs"), dynamicProvider, { mode: 0o755 });
    await copyFile(wrapper(root, host.folder, host.program), join(bin, host.program));
  });
  log(line("pulumi", version, `${found.why}; built from Go modules (${entry.state})`));
  return { bin: join(dir, "bin"), version, source: "built" };
}
