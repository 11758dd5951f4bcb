import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { checkout } from "./paths";

export const EXECUTABLE_NAME = "headgate-policy-pack";

/** Runs the pack without a language host: the engine starts it with its own folder as the working directory. */
const EXECUTABLE = `#!/usr/bin/env node
process.chdir(__dirname);
require("./index.js");
`;

/**
 * Writes the policy pack into a folder, which is one to `--policy-pack`, and so is the executable in it: one file of
 * JavaScript with everything it needs, so that it starts fast and in any folder.
 * @param entry The pack's program. Defaults to Headgate's own.
 * @param external Packages that it finds in its folder instead. Defaults to none.
 * @returns The folder.
 */
export async function policyPack(
  folder: string,
  entry = join(checkout, "policy", "pack", "index.ts"),
  external: readonly string[] = [],
): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { version: string };
  mkdirSync(folder, { recursive: true });
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(folder, "PulumiPolicy.yaml"), `${JSON.stringify({ runtime, main: "index.js" }, undefined, 2)}\n`);
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name: "headgate-policy-pack", version, private: true }, undefined, 2)}\n`,
  );
  writeFileSync(join(folder, EXECUTABLE_NAME), EXECUTABLE, { mode: 0o755 });
  await build({
    entryPoints: [entry],
    outfile: join(folder, "index.js"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: [...external],
    logLevel: "warning",
  });
  return folder;
}
