import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Target } from "../components/model/target";
import { releases, services } from "../components/model/testing/arbitraries";
import { compileRelease } from "../components/release/compile";

const ROOT = join(__dirname, "..");
const SERVICES = 1000;
const COMPILE_LIMIT = 1;
const PLAN_LIMIT_MILLISECONDS = 400;
const RUNS = 11;

/** Seconds to compile a thousand services for every target; the first round warms the compiler up. */
function compileSeconds(): number {
  const sampled = fc.sample(fc.tuple(releases, services), { numRuns: SERVICES, seed: 1 });
  const round = () => {
    const start = process.hrtime.bigint();
    for (const [release, service] of sampled) {
      for (const target of Object.values(Target)) compileRelease(release, service, target);
    }
    return Number(process.hrtime.bigint() - start) / 1e9;
  };
  const cold = round();
  console.log(
    `compile: ${SERVICES} services for ${Object.keys(Target).length} targets, first round ${cold.toFixed(3)} s`,
  );
  return median(Array.from({ length: 5 }, round));
}

/** Wall time of `headgate plan` of one file as it is published, beside a Node that does nothing. */
function planMilliseconds(folder: string): { plan: number; node: number } {
  execFileSync("tsc", ["-p", join(ROOT, "tsconfig.build.json"), "--outDir", folder], { stdio: "inherit" });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const file = join(folder, "shop.yml");
  writeFileSync(
    file,
    "service:\n  image: { build: { context: . } }\n  port: 8080\n  health: { readiness: { path: /ready } }\nrelease:\n  canary: {}\n",
  );
  const time = (args: string[]) => {
    const start = process.hrtime.bigint();
    execFileSync(process.execPath, args, { stdio: "ignore" });
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const command = [join(folder, "cli", "main.js"), "plan", file];
  time(command);
  const pairs = Array.from({ length: RUNS }, () => ({ node: time(["-e", "0"]), plan: time(command) }));
  return { plan: median(pairs.map((pair) => pair.plan)), node: median(pairs.map((pair) => pair.node)) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const folder = mkdtempSync(join(tmpdir(), "headgate-bench-"));
try {
  console.log(`compile: median ${compileSeconds().toFixed(3)} s; limit ${COMPILE_LIMIT} s`);
  const { plan, node } = planMilliseconds(folder);
  console.log(
    `headgate plan: ${plan.toFixed(0)} ms, node -e 0: ${node.toFixed(0)} ms (medians of ${RUNS}); limit ${PLAN_LIMIT_MILLISECONDS} ms`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
