import { afterAll, beforeAll, expect, test } from "vitest";
import { type Load, startLoad } from "../../demo/load";
import { copies, docker, eventually, QUICK_CANARY, TestStack, versionsSeen } from "./harness";

/** Time beyond its plan that a release may take to end when somebody was killed. */
const GRACE_SECONDS = 30;
/** Holds, bake, start and draining of QUICK_CANARY. */
const PLANNED_SECONDS = 4 + 4 + 2 + 10 + 10;

let stack: TestStack;
let handle: Awaited<ReturnType<TestStack["handle"]>>;
let load: Load;
let minor = 0;

beforeAll(async () => {
  stack = await TestStack.create();
  await stack.engine.up();
  handle = await stack.handle();
  load = startLoad({ url: stack.url, ratePerSecond: 60, connections: 10 });
});
afterAll(async () => {
  await load?.stop();
  await stack?.[Symbol.asyncDispose]();
});

/** Points of a release, by the line that `up` prints when it gets there. */
const POINTS: [point: string, line: RegExp][] = [
  ["when it begins", /revision \d+ begins/],
  ["while its copies start", /copies started/],
  ["at the first step", /10 % {2}for/],
  ["at the second step", /50 % {2}for/],
  ["while the old version is kept warm", /100 % {2}the old version stays warm/],
];

/** Kills a container's program as a crash does; the engine brings it back by its restart policy. */
async function crash(container: string): Promise<void> {
  const { State } = await docker.getContainer(container).inspect();
  try {
    process.kill(State.Pid, "SIGKILL");
  } catch {
    // Not allowed to: what is killed through the engine is not restarted by it.
    await docker.getContainer(container).kill({ signal: "SIGKILL" });
    await docker.getContainer(container).start();
  }
}

/** What must hold however a release was disturbed: one version has all traffic, and the next up converges. */
async function expectConverged(version: string): Promise<void> {
  await stack.ended(handle.guard, PLANNED_SECONDS + GRACE_SECONDS);
  const settled = Object.keys(await versionsSeen(stack.url, 20));
  expect(settled).toHaveLength(1);
  expect(settled[0]).toMatch(/^\d+\.\d+\.\d+$/);
  await stack.engine.up();
  expect(await versionsSeen(stack.url, 20)).toEqual({ [version]: 20 });
  const { stable } = await stack.service(handle.guard);
  expect(await copies(handle.prefix)).toEqual([`r${stable?.revision}-1`, `r${stable?.revision}-2`]);
  await stack.engine.preview({ expectNoChanges: true });
}

test.each(POINTS)(
  "kill -9 of up %s: the release ends, the next up converges, no orphan is left",
  async (_point, line) => {
    minor += 1;
    const version = `1.${minor}.0`;
    await stack.version(version);
    const run = stack.engine.start("up");
    await run.waitFor(line, 120_000);
    await run.kill("SIGKILL");
    await stack.engine.cancel();
    await expectConverged(version);
  },
);

test.each(POINTS)("kill -9 of the guard %s: the release goes on to its end", async (_point, line) => {
  minor += 1;
  const version = `1.${minor}.0`;
  await stack.version(version);
  const run = stack.engine.start("up");
  await run.waitFor(line, 120_000);
  await crash(handle.guard);
  const { exitCode, stdout, stderr } = await run.done;
  expect(exitCode, stdout + stderr).toBe(0);
  await expectConverged(version);
});

test("Stop and start of every container in the middle of a release: the old version serves, the release ends", async () => {
  minor += 1;
  const version = `1.${minor}.0`;
  const [before] = Object.keys(await versionsSeen(stack.url, 5));
  await stack.set("release", { ...QUICK_CANARY, canary: { steps: [{ weight: 10, hold: "20s" }] } });
  await stack.version(version);
  const run = stack.engine.start("up");
  await run.waitFor(/10 % {2}for/, 120_000);
  const filters = { label: [`headgate.host=${handle.prefix}`], status: ["running"] };
  const containers = (await docker.listContainers({ filters })).map(({ Id }) => docker.getContainer(Id));
  await Promise.all(containers.map((container) => container.stop({ t: 5 })));
  await Promise.all(containers.map((container) => container.start()));
  await eventually(30, "the old version serves again", async () => {
    const seen = await versionsSeen(stack.url, 5);
    return Object.keys(seen).every((each) => each === before || each === version) ? seen : undefined;
  });
  const seen = await versionsSeen(stack.url, 40);
  expect(seen[before ?? ""] ?? 0).toBeGreaterThan(20);
  await run.done;
  await stack.ended(handle.guard, 20 + PLANNED_SECONDS + GRACE_SECONDS);
  if ((await run.done).exitCode !== 0) await stack.engine.cancel();
  await expectConverged(version);
});
