import { expect, test } from "vitest";
import { startLoad } from "../../demo/load";
import { copies, leftovers, TestStack, versionsSeen } from "./harness";

test("Two stacks on one host release at the same time and do not touch each other", async () => {
  await using one = await TestStack.create();
  await using other = await TestStack.create();
  await one.engine.up();
  await other.engine.up();
  const [oneHandle, otherHandle] = [await one.handle(), await other.handle()];
  expect(oneHandle.prefix).not.toBe(otherHandle.prefix);

  await one.version("1.1.0");
  await other.version("9.9.0", 0.2);
  const loads = [one, other].map(({ url }) => startLoad({ url, ratePerSecond: 60, connections: 10 }));
  const [good, bad] = await Promise.allSettled([one.engine.up(), other.engine.up()]);
  const [goodLoad, badLoad] = await Promise.all(loads.map((load) => load.stop()));

  expect(good.status, JSON.stringify(good)).toBe("fulfilled");
  expect(bad.status).toBe("rejected");
  expect(goodLoad).toMatchObject({ failed: 0, errors: 0 });
  expect(Object.keys(goodLoad?.byVersion ?? {}).sort()).toEqual(["1.0.0", "1.1.0"]);
  expect(Object.keys(badLoad?.byVersion ?? {}).sort()).toEqual(["1.0.0", "9.9.0"]);
  expect(await versionsSeen(one.url, 10)).toEqual({ "1.1.0": 10 });
  expect(await versionsSeen(other.url, 10)).toEqual({ "1.0.0": 10 });

  await other.engine.destroy();
  expect(await leftovers(otherHandle.prefix)).toEqual([]);
  expect(await versionsSeen(one.url, 10)).toEqual({ "1.1.0": 10 });
  expect(await copies(oneHandle.prefix)).toEqual(["r2-1", "r2-2"]);
});
