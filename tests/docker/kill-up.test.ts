import { afterAll, beforeAll, test } from "vitest";
import { DisturbedStack, POINTS } from "./disturbed";

let disturbed: DisturbedStack;

beforeAll(async () => {
  disturbed = await DisturbedStack.create();
});
afterAll(async () => {
  await disturbed?.[Symbol.asyncDispose]();
});

test.each(POINTS)(
  "kill -9 of up %s: the release ends, the next up converges, no orphan is left",
  async (_point, line) => {
    const { engine } = disturbed.stack;
    const version = await disturbed.next();
    const run = engine.start("up");
    await run.waitFor(line, 120_000);
    await run.kill("SIGKILL");
    await engine.cancel();
    await disturbed.expectConverged(version);
  },
);
