import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exec } from "./exec";
import { checkout } from "./paths";

/** The rooms whose imports have a direction; the rule is in .dependency-cruiser.cjs. */
const rooms = [
  "index.ts",
  ...["bench", "cli", "components", "demo", "examples", "infra", "plugin", "policy", "stacks", "testkit", "tests"],
  "toolchain",
];

const linters: Readonly<Record<string, readonly string[]>> = {
  biome: ["check", "."],
  tsc: ["--noEmit", "--project", "."],
  depcruise: ["--config", ".dependency-cruiser.cjs", ...rooms.filter((room) => existsSync(join(checkout, room)))],
};

async function main(jsonFile: string | undefined): Promise<void> {
  const results = await Promise.all(
    Object.entries(linters).map(async ([name, args]) => {
      const { code, stdout, stderr } = await exec(join(checkout, "node_modules", ".bin", name), args, {
        cwd: checkout,
      });
      if (code !== 0) process.stdout.write(`${stdout}${stderr}`);
      console.log(`lint       ${name.padEnd(12)} ${code === 0 ? "passed" : "FAILED"}`);
      return { name, passed: code === 0 };
    }),
  );
  if (jsonFile !== undefined) await writeFile(jsonFile, JSON.stringify(results));
  process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
}

void main(process.argv[2] === "--json" ? process.argv[3] : undefined);
