import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { UsageError } from "../command";
import { gridOf, PLAIN, readRelease, ruleOf } from "./rule";

const ROOT = join(__dirname, "..", "..");
const SHOP = join(ROOT, "examples", "plan", "shop.yml");

test("without options the rule is the model's default", () => {
  expect(ruleOf(PLAIN, {})).toEqual({
    test: "sequential",
    alpha: 0.01,
    beta: 0.05,
    tolerate: 1,
    warmUpSeconds: 0,
    historySeconds: 3600,
    minRequests: 50,
    errors: { ignoreBelow: 0.001, sloMax: 0.01 },
  });
});

test("every option reaches the rule", () => {
  const texts = {
    alpha: "0.05",
    beta: "1e-1",
    tolerate: "1.5",
    "ignore-below": "0",
    "slo-max": "0.02",
    "warm-up": "30s",
    history: "20m",
    "min-requests": "7",
    "latency-ratio": "0.9",
  };
  expect(ruleOf(PLAIN, texts)).toEqual({
    test: "sequential",
    alpha: 0.05,
    beta: 0.1,
    tolerate: 1.5,
    warmUpSeconds: 30,
    historySeconds: 1200,
    minRequests: 7,
    errors: { ignoreBelow: 0, sloMax: 0.02 },
    slow: { ignoreBelow: 0.1, sloMax: 0.1 },
  });
});

describe("a wrong setting is told as the model tells it, by its option", () => {
  const ratio = "must be a number above 0 and below 1";
  const time = "must be a time of at most a year, with its unit";
  const unit = 'Write a number with a unit: "300s", "5m"';
  const fix = "Give a number above 0 and below 1";
  test.each([
    ["alpha", "0", `${ratio} (got 0). ${fix}.`],
    ["alpha", "1", `${ratio} (got 1). ${fix}.`],
    ["alpha", "-0.1", `${ratio} (got -0.1). ${fix}.`],
    ["alpha", "NaN", `${ratio} (got "NaN"). ${fix}.`],
    ["alpha", "", `${ratio} (got ""). ${fix}.`],
    ["beta", "1", `${ratio} (got 1). ${fix}.`],
    ["beta", "0.01,0.05", `${ratio} (got "0.01,0.05"). ${fix}.`],
    ["tolerate", "0.5", "must be a number from 1 to 100 (got 0.5). Give a number from 1 to 100."],
    ["ignore-below", "2", "must be a number from 0 to 1 (got 2). Give a number from 0 to 1."],
    ["slo-max", "0", `${ratio} (got 0). ${fix}.`],
    ["warm-up", "30", `${time} (got "30"). ${unit}.`],
    ["history", "30", `${time} (got "30"). ${unit}.`],
    ["history", "0s", `must be longer than zero (got "0s"). ${unit}.`],
    [
      "min-requests",
      "0",
      "must be a whole number from 1 to 1000000000 (got 0). Give a whole number from 1 to 1000000000.",
    ],
    ["latency-ratio", "1", `${ratio} (got 1). ${fix}.`],
  ])("--%s %s", (option, text, message) => {
    expect(() => ruleOf(PLAIN, { [option]: text })).toThrow(new UsageError(`headgate judge: --${option} ${message}`));
  });

  test("all of them at once", () => {
    expect(() => ruleOf(PLAIN, { alpha: "2", beta: "3" })).toThrow(
      /^headgate judge: --alpha .*\nheadgate judge: --beta /,
    );
  });
});

describe("a release in a file", () => {
  test("is one with every default when none is named", async () => {
    expect(await readRelease(undefined, undefined)).toEqual(PLAIN);
  });

  test("gives its analysis and objectives, and options come first", async () => {
    const input = await readRelease(SHOP, undefined);
    expect(ruleOf(input, {}).errors).toEqual({ ignoreBelow: 0.001, sloMax: 0.01 });
    expect(ruleOf(input, {}).slow).toEqual({ ignoreBelow: 0.05, sloMax: 0.05 });
    const release = { analysis: { sequential: { alpha: 0.1, beta: 0.2 } } };
    const { alpha, beta, slow } = ruleOf({ ...input, release }, { alpha: "0.3", "latency-ratio": "0.5" });
    expect([alpha, beta, slow?.sloMax]).toEqual([0.3, 0.2, 0.5]);
    expect((await readRelease(SHOP, "shop")).service).toEqual(input.service);
  });

  test("must have the service, and the sequential test", async () => {
    await expect(readRelease(SHOP, "web")).rejects.toThrow(
      new UsageError(`headgate judge: --service web is not in ${SHOP}. It has shop.`),
    );
  });
});

describe("lists", () => {
  test("make every combination once", () => {
    expect(gridOf({ tolerate: "1, 1.25", alpha: "0.01,0.05,0.01" })).toEqual([
      { alpha: "0.01", tolerate: "1" },
      { alpha: "0.01", tolerate: "1.25" },
      { alpha: "0.05", tolerate: "1" },
      { alpha: "0.05", tolerate: "1.25" },
    ]);
    expect(gridOf({})).toEqual([{}]);
  });

  test("have no empty parts, and make no endless work", () => {
    expect(() => gridOf({ alpha: "0.1," })).toThrow(
      new UsageError('headgate judge: --alpha has an empty part (got "0.1,"). Write 1,2.'),
    );
    const many = Array.from({ length: 40 }, (_, index) => index + 1).join(",");
    expect(() => gridOf({ alpha: many, tolerate: many })).toThrow(
      new UsageError("headgate judge: the lists make more than 1000 combinations. Shorten one of them."),
    );
  });
});
