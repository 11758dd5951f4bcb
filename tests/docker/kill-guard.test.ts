import { afterAll, beforeAll, expect, test } from "vitest";
import { DisturbedStack, PLANNED_SECONDS, POINTS } from "./disturbed";
import { docker, eventually, QUICK_CANARY, versionsSeen } from "./harness";

let disturbed: DisturbedStack;

beforeAll(async () => {
  disturbed = await DisturbedStack.create();
});
afterAll(async () => {
  await disturbed?.[Symbol.asyncDispose]();
});

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

test.each(POINTS)("kill -9 of the guard %s: the release goes on to its end", async (_point, line) => {
  const version = await disturbed.next();
  const run = disturbed.stack.engine.start("up");
  await run.waitFor(line, 120_000);
  await crash(disturbed.handle.guard);
  const { exitCode, stdout, stderr } = await run.done;
  expect(exitCode, stdout + stderr).toBe(0);
  await disturbed.expectConverged(version);
});

test("Stop and start of every container in the middle of a release: the old version serves, the release ends", async () => {
  const { stack, handle } = disturbed;
  const holdSeconds = 20;
  const [before = ""] = Object.keys(await versionsSeen(stack.url, 5));
  await stack.set("release", { ...QUICK_CANARY, canary: { steps: [{ weight: 10, hold: `${holdSeconds}s` }] } });
  const version = await disturbed.next();
  const run = stack.engine.start("up");
  await run.waitFor(/10 % {2}for/, 120_000);
  const filters = { label: [`headgate.host=${handle.prefix}`], status: ["running"] };
  const containers = (await docker.listContainers({ filters })).map(({ Id }) => docker.getContainer(Id));
  await Promise.all(containers.map((container) => container.stop({ t: 5 })));
  await Promise.all(containers.map((container) => container.start()));
  await eventually(30, "the old version serves again", async () => {
    const seen = Object.keys(await versionsSeen(stack.url, 5));
    return seen.every((each) => each === before || each === version) ? seen : undefined;
  });
  expect((await versionsSeen(stack.url, 40))[before] ?? 0).toBeGreaterThan(20);
  const { exitCode } = await run.done;
  await stack.ended(handle.guard, holdSeconds + PLANNED_SECONDS + 30);
  if (exitCode !== 0) await stack.engine.cancel();
  await disturbed.expectConverged(version, holdSeconds + PLANNED_SECONDS);
});
