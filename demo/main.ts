import { writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { freePorts } from "../testkit/free-ports";
import { ensureToolchain } from "../toolchain/env";
import { DemoStack, PulumiFailed } from "./demo-stack";
import { count, outcomeOf } from "./format";
import { type Load, startLoad } from "./load";
import { releaseLines } from "./progress";
import { guardAddress, readRelease } from "./read-release";
import { releasesSvg } from "./svg";
import { releaseTable } from "./table";
import { type Attempt, broken } from "./verdict";

const ROOT = resolve(__dirname, "..");
const PICTURE = join(ROOT, "demo", "releases.svg");
const SERVICE = "hello";
const RATE = 200;
const CONNECTIONS = 20;
/** Load before the first and after the last release, so that the picture shows where it came from and went to. */
const CALM_MS = 5_000;
const FIRST = { version: "1.0.0", errorRate: 0 };
const GOOD = { version: "1.1.0", errorRate: 0 };
const BAD = { version: "1.2.0", errorRate: 0.05 };
/** The holds are short; the decisions are those of any release. */
const RELEASE = {
  canary: { steps: [10, 25, 50, 75].map((weight) => ({ weight, hold: "10s" })) },
  analysis: { onUndecided: "wait", onNoData: "wait" },
  bake: "10s",
  progressDeadline: "60s",
};

const HELP = `usage: make demo, or tsx demo/main.ts [--keep] [--json] [--stack NAME]

Puts ${RATE} requests per second on a gateway of its own, releases a good version of ${SERVICE} (promoted) and then one
that fails ${BAD.errorRate * 100} % of its requests (taken back), prints every step and draws demo/releases.svg.
Ends with 0 when both went as they should and no other request failed.

  --keep        leave the stack running afterwards
  --json        print the result as JSON; progress goes to standard error
  --stack NAME  name of the stack. Defaults to demo
  --help        print this`;

const startedAt = Date.now();
let toStderr = false;

function say(line: string): void {
  const elapsed = `${Math.round((Date.now() - startedAt) / 1000)} s`.padStart(6);
  (toStderr ? console.error : console.log)(`${elapsed}  ${line}`);
}

function sayMore(line: string): void {
  say(`  ${line}`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      stack: { type: "string", default: "demo" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  toStderr = values.json;
  const toolchain = await ensureToolchain({ engine: true, plugins: true, docker: true, images: true, log: say });
  const stack = new DemoStack(values.stack, ROOT, { ...process.env, ...toolchain.env });
  const interruption = onInterrupt(stack);
  try {
    if (await stack.exists()) {
      say(`stack ${stack.name} is left from an earlier demo: destroying it`);
      await stack.destroy();
    }
    await stack.create();
    try {
      const code = await show(stack, toolchain.images ?? {}, values.json);
      return interruption.happened ? 130 : code;
    } catch (error) {
      // Told before cleaning up, which may fail too.
      say(error instanceof Error ? error.message : String(error));
      return interruption.happened ? 130 : 1;
    } finally {
      if (values.keep && !interruption.happened) {
        say(`stack ${stack.name} is kept: pulumi destroy --stack ${stack.name}, or the next make demo, takes it away`);
      } else {
        say(`destroying stack ${stack.name}`);
        await stack.destroy();
      }
    }
  } finally {
    await toolchain.release();
  }
}

/** The demo itself, on a stack that exists and is empty. */
async function show(stack: DemoStack, images: Readonly<Record<string, string>>, json: boolean): Promise<number> {
  await stack.configure({
    "headgate:profile": "dev",
    "headgate:release": JSON.stringify(RELEASE),
    ...prefixed("headgate:ports", await namedPorts("http", "prometheus", "alertmanager", "registry")),
    ...prefixed("headgate:images", images),
  });
  say(`bringing up ${SERVICE} ${FIRST.version}`);
  await configureVersion(stack, FIRST);
  const first = await stack.up(releaseLines(sayMore));
  if (first.exitCode !== 0) throw new PulumiFailed("pulumi up", first);
  const { url } = await stack.outputs();
  if (typeof url !== "string") throw new Error(`the stack's output "url" is no address (got ${JSON.stringify(url)})`);

  say(`load: ${RATE} requests per second on ${url}`);
  const load = startLoad({ url, ratePerSecond: RATE, connections: CONNECTIONS });
  try {
    await sleep(CALM_MS);
    const good = await release(stack, GOOD, load);
    const bad = await release(stack, BAD, load);
    await sleep(CALM_MS);
    const report = await load.stop();
    const releases = [good, bad];
    const title = `${SERVICE}: a good release and a bad one`;
    writeFileSync(PICTURE, releasesSvg({ title, samples: report.samples, releases }));
    const problems = broken(good, bad, report);
    if (json) {
      const shown = releases.map(({ version, exitCode, state }) => ({ version, exitCode, state }));
      console.log(JSON.stringify({ ok: problems.length === 0, problems, load: report, releases: shown }, null, 2));
    } else {
      console.log(`\n${releaseTable(releases)}`);
      const failed = report.byVersion[BAD.version]?.failed ?? 0;
      console.log(
        `${count(report.sent)} requests; ${count(failed)} failed at ${BAD.version}, ` +
          `${count(report.failed - failed)} elsewhere, ${count(report.errors)} without an answer`,
      );
      console.log(`picture: ${relative(process.cwd(), PICTURE)}`);
      for (const problem of problems) console.log(`NOT AS PROMISED: ${problem}`);
    }
    return problems.length === 0 ? 0 : 1;
  } finally {
    await load.stop();
  }
}

async function release(stack: DemoStack, next: typeof FIRST, load: Load): Promise<Attempt> {
  const { version, errorRate } = next;
  say(`releasing ${version}${errorRate > 0 ? `, which fails ${errorRate * 100} % of its requests` : ""}`);
  await configureVersion(stack, next);
  const guard = guardAddress(await stack.outputs());
  const before = await readRelease(guard, SERVICE);
  const ended = await stack.up(releaseLines(sayMore));
  const state = await readRelease(guard, SERVICE);
  // Without a release of its own, the failure is another one than a demo is about.
  if (state.candidate.revision === before.candidate.revision) throw new PulumiFailed("pulumi up", ended);
  const errors = load.samples.reduce((sum, sample) => sum + sample.failed + sample.errors, 0);
  say(`${version} ${outcomeOf(state)}; failed requests so far: ${count(errors)}`);
  return { version, ...ended, state };
}

function configureVersion(stack: DemoStack, { version, errorRate }: typeof FIRST): Promise<void> {
  return stack.configure({ "headgate:version": version, "headgate:errorRate": String(errorRate) });
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]));
}

/** The first Ctrl-C ends the command that runs, after which the demo cleans up; the second one leaves at once. */
function onInterrupt(stack: DemoStack): { happened: boolean } {
  const interruption = { happened: false };
  const onSignal = (signal: NodeJS.Signals) => {
    if (interruption.happened) process.exit(130);
    interruption.happened = true;
    say(`${signal}: cleaning up; once more to leave at once`);
    stack.interrupt().catch((error: unknown) => say(String(error)));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return interruption;
}

/** A free port of the loopback for each name. */
async function namedPorts(...names: string[]): Promise<Record<string, string>> {
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
