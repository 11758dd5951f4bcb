import { afterAll, beforeAll, expect, test } from "vitest";
import { Delivery, hello } from "./harness";

let delivery: Delivery;
beforeAll(async () => {
  delivery = await Delivery.create((namespace) => ({
    shop: {
      service: hello("1.0.0"),
      release: { blueGreen: { manual: true }, bake: "0s", progressDeadline: "90s" },
      hosts: [`shop.${namespace}`],
    },
  }));
  await delivery.engine.up();
});
afterAll(async () => {
  await delivery?.[Symbol.asyncDispose]();
});

test("the new version can be tried beside the old one, and takes the traffic when somebody says so", async () => {
  await delivery.say({ shop: { service: hello("2.0.0") } });
  const run = delivery.engine.start("up");
  await run.waitFor(/headgate release promote shop/, 90_000);
  expect(await delivery.versionsSeen("shop", 20)).toEqual({ "1.0.0": 20 });
  expect(await delivery.askInside("shop-preview")).toBe("2.0.0");
  expect(await delivery.headgate("release", "promote", "shop")).toMatchObject({ code: 0 });
  expect((await run.done).exitCode).toBe(0);
  expect(await delivery.versionsSeen("shop", 20)).toEqual({ "2.0.0": 20 });
});
