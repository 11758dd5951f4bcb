import { join } from "node:path";
import { Engine } from "../testkit";
import { ensureToolchain } from "../toolchain/env";

const ROOT = join(__dirname, "..");
const DEFAULT_PAIRS = 9;
/** What the library may cost beyond a minimal program. */
const LIMIT = 1.15;

/** One program's previews: a real engine, its plugins and the loader that `pulumi up` uses. */
async function programs(images: object): Promise<{ minimal: Engine; dev: Engine }> {
  const plugins = [{ name: "docker" }];
  const minimal = await Engine.create({ workDir: join(ROOT, "bench", "minimal"), plugins, cliLog: true });
  const config = { profile: "dev", version: "1.0.0", images: JSON.stringify(images) };
  const dev = await Engine.create({ workDir: ROOT, plugins, config, cliLog: true });
  return { minimal, dev };
}

async function previewSeconds(engine: Engine): Promise<number> {
  const before = process.hrtime.bigint();
  const { exitCode, stderr } = await engine.start("preview").done;
  if (exitCode !== 0) throw new Error(`the preview failed:\n${stderr}`);
  return Number(process.hrtime.bigint() - before) / 1e9;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Pairs in turn, so that both programs meet the same noise; the ratio is the median of the pairs' ratios. */
async function main(): Promise<void> {
  const pairs = Number(process.argv[2] ?? DEFAULT_PAIRS);
  const toolchain = await ensureToolchain({
    engine: true,
    docker: true,
    images: true,
    purpose: "test",
    log: (line) => console.error(line),
  });
  Object.assign(process.env, { PATH: toolchain.env["PATH"] });
  try {
    const { minimal, dev } = await programs(toolchain.images ?? {});
    await using _first = minimal;
    await using _second = dev;
    // The first run of each fills the loader's cache.
    await previewSeconds(minimal);
    await previewSeconds(dev);
    const ratios: number[] = [];
    const times: { minimal: number[]; dev: number[] } = { minimal: [], dev: [] };
    for (let pair = 1; pair <= pairs; pair += 1) {
      const base = await previewSeconds(minimal);
      const own = await previewSeconds(dev);
      times.minimal.push(base);
      times.dev.push(own);
      ratios.push(own / base);
      console.log(
        `pair ${pair}: minimal ${base.toFixed(2)} s, dev stack ${own.toFixed(2)} s, ratio ${(own / base).toFixed(3)}`,
      );
    }
    const ratio = median(ratios);
    console.log(
      `preview: minimal ${median(times.minimal).toFixed(2)} s, dev stack ${median(times.dev).toFixed(2)} s, ` +
        `ratio ${ratio.toFixed(3)} (${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}, ${pairs} pairs); limit ${LIMIT}`,
    );
  } finally {
    await toolchain.release();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
