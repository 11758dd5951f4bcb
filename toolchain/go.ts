import { readFileSync } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { aptInstall, canInstall } from "./debian";
import { ToolchainError } from "./errors";
import { exec, mustExec, which } from "./exec";
import type { Log } from "./report";
import { line } from "./report";
import { atLeast } from "./version";

export interface Go {
  readonly command: string;
  readonly version: string;
}

/** The first Go that fetches the version a go.mod names by itself. */
const minimum = "1.21.0";

/** The version that go.mod asks for. */
export function requiredGo(goMod: string): string {
  const found = /^go (\d+\.\d+(?:\.\d+)?)$/m.exec(readFileSync(goMod, "utf8"))?.[1];
  if (found === undefined) throw new Error(`${goMod} has no go line. Restore it from the repository.`);
  return found;
}

export async function findGo(): Promise<Go | undefined> {
  const command = which("go", `${process.env["PATH"]}:/usr/local/go/bin`);
  if (command === undefined) return undefined;
  const { stdout } = await exec(command, ["env", "GOVERSION"], { env: { GOTOOLCHAIN: "local" } });
  return { command, version: stdout.trim().replace(/^go/, "") };
}

export const isRecent = (go: Go): boolean => atLeast(go.version, minimum);

export const goEnv = {
  CGO_ENABLED: "0",
  GOFLAGS: "",
  GOWORK: "off",
  GOTOOLCHAIN: "auto",
  // The compiler spends a seventh of its time collecting garbage, as long as there is memory for it.
  GOGC: "400",
  GOMEMLIMIT: "3GiB",
  HOME: process.env["HOME"] || homedir(),
};

/**
 * What every program is built with. The linker is told to leave debug information out, so the compiler need not make it:
 * a tenth of its time.
 */
export const goBuild = ["build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-gcflags=all=-dwarf=false"];

/**
 * A Go that can build `goMod`: the one on this machine, or Debian's, which downloads the right one as a module.
 * `piece` is what is built, and `instead` what would make that needless.
 */
export async function ensureGo(
  goMod: string,
  { piece, instead }: { readonly piece: string; readonly instead: string },
  log: Log,
): Promise<Go> {
  let go = await findGo();
  if (go !== undefined && isRecent(go)) return go;
  const wanted = requiredGo(goMod);
  if (!canInstall()) {
    throw new ToolchainError(
      `${piece} must be built and needs Go >= ${minimum} (${go === undefined ? "none found" : `found ${go.version}`}).`,
      `Install Go ${wanted}, or ${instead}.`,
    );
  }
  if (go === undefined) {
    log(line("go", "", "installing Debian's golang-go"));
    await aptInstall(["golang-go", "ca-certificates"]);
    go = await findGo();
    if (go !== undefined && isRecent(go)) return go;
  }
  if (go === undefined)
    throw new ToolchainError("golang-go was installed but no go command appeared.", `Install Go ${wanted}.`);
  log(line("go", wanted, `fetching it as a Go module (${go.version} is too old)`));
  return { command: await downloadGo(go, wanted), version: wanted };
}

async function downloadGo(go: Go, version: string): Promise<string> {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const { stdout } = await mustExec(
    go.command,
    ["mod", "download", "-json", `golang.org/toolchain@v0.0.1-go${version}.${process.platform}-${arch}`],
    { env: goEnv },
  );
  const dir = /"Dir": "([^"]+)"/.exec(stdout)?.[1];
  if (dir === undefined) throw new Error(`go mod download named no folder: ${stdout.trim()}`);
  // An old go does not know that this module holds programs and unpacks them without the right to run.
  for (const folder of [join(dir, "bin"), join(dir, "pkg", "tool", `${process.platform}_${arch}`)]) {
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
  }
  return join(dir, "bin", "go");
}
