import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Engine } from "../testkit";
import { ensureToolchain } from "../toolchain/env";

const FOLDER = join(__dirname, "many");
const FEW = 10;
const MANY = 100;
const DEFAULT_PAIRS = 3;
const SECONDS_LIMIT = 30;
const MEGABYTES_LIMIT = 1500;
/** What a service may cost among many, beside what it costs among few. */
const LINEAR_LIMIT = 1.2;

interface Measured {
  seconds: number;
  /** Time on a processor and peak memory of the program. */
  cpuSeconds: number;
  megabytes: number;
  resources: number;
}

/** A preview of so many services by a real engine; the plugin answers from a folder. */
async function preview(services: number, folder: string): Promise<Measured> {
  const usage = join(folder, String(services));
  const plugins = [{ name: "kubernetes", from: "memory" }];
  const config = { services: String(services), usage };
  await using engine = await Engine.create({ workDir: FOLDER, plugins, config, cliLog: true });
  const before = process.hrtime.bigint();
  const { exitCode, stdout, stderr } = await engine.start("preview").done;
  const seconds = Number(process.hrtime.bigint() - before) / 1e9;
  if (exitCode !== 0) throw new Error(`the preview failed:\n${stdout}\n${stderr}`);
  const resources = Number(/\+ (\d+) to create/.exec(stdout)?.[1]);
  const used: NodeJS.ResourceUsage = JSON.parse(readFileSync(usage, "utf8"));
  const cpuSeconds = (used.userCPUTime + used.systemCPUTime) / 1e6;
  return { seconds, cpuSeconds, megabytes: used.maxRSS / 1024, resources };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const show = (name: string, runs: readonly Measured[]) =>
  console.log(
    `${name}: ${runs[0]?.resources} resources, ${median(runs.map((run) => run.seconds)).toFixed(1)} s, in the program ` +
      `${median(runs.map((run) => run.cpuSeconds)).toFixed(1)} s on a processor and ${median(runs.map((run) => run.megabytes)).toFixed(0)} MB (medians of ${runs.length})`,
  );

/** None, few and many in turn, so that all meet the same noise: what a service costs is the rest beside none. */
async function main(): Promise<void> {
  const pairs = Number(process.argv[2] ?? DEFAULT_PAIRS);
  const log = (line: string) => console.error(line);
  const toolchain = await ensureToolchain({ engine: true, purpose: "test", log });
  Object.assign(process.env, { PATH: toolchain.env["PATH"] });
  const folder = mkdtempSync(join(tmpdir(), "headgate-bench-"));
  try {
    // The first run fills the loader's cache.
    await preview(0, folder);
    const runs: Record<"none" | "few" | "many", Measured[]> = { none: [], few: [], many: [] };
    for (let pair = 0; pair < pairs; pair += 1) {
      runs.none.push(await preview(0, folder));
      runs.few.push(await preview(FEW, folder));
      runs.many.push(await preview(MANY, folder));
    }
    show("no service", runs.none);
    show(`${FEW} services`, runs.few);
    show(`${MANY} services`, runs.many);
    const typical = (list: Measured[]) => median(list.map((run) => run.cpuSeconds));
    const each = (list: Measured[], services: number) => (typical(list) - typical(runs.none)) / services;
    const ratio = each(runs.many, MANY) / each(runs.few, FEW);
    console.log(
      `a service among ${MANY} takes ${ratio.toFixed(2)} times the work of one among ${FEW}; limit ${LINEAR_LIMIT}`,
    );
    console.log(`limits for ${MANY}: ${SECONDS_LIMIT} s, ${MEGABYTES_LIMIT} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await toolchain.release();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
