import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decide, isFresh } from "./decisions";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-decide-"));
});
afterEach(() => rm(folder, { recursive: true }));

const yes = async () => ({ yes: true, why: "it answers" });
const no = async () => ({ yes: false, why: "it is silent" });

test("a recent answer is not asked for again", async () => {
  expect(await decide(folder, "network", no)).toEqual({ yes: false, why: "it is silent", cached: false });
  expect(await decide(folder, "network", yes)).toEqual({ yes: false, why: "it is silent", cached: true });
  expect(await decide(folder, "another", yes)).toEqual({ yes: true, why: "it answers", cached: false });
});

test.each(["", "{", "[]", "null", '{"yes":"true","why":"x","at":0}', '{"yes":true,"why":"old","at":0}'])(
  "an answer that cannot be used is asked for again: %s",
  async (text) => {
    await writeFile(join(folder, "network.json"), text);
    expect(await decide(folder, "network", no)).toEqual({ yes: false, why: "it is silent", cached: false });
  },
);

test("a no lasts an hour, a yes a day, and nothing lasts from the future", () => {
  const minute = 60_000;
  expect(isFresh({ yes: false, why: "" }, 59 * minute)).toBe(true);
  expect(isFresh({ yes: false, why: "" }, 61 * minute)).toBe(false);
  expect(isFresh({ yes: true, why: "" }, 23 * 60 * minute)).toBe(true);
  expect(isFresh({ yes: true, why: "" }, 25 * 60 * minute)).toBe(false);
  expect(isFresh({ yes: true, why: "" }, -1)).toBe(false);
});
