import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../command";
import { clopperPearson } from "./interval";
import { findRecordings, replay } from "./replay";
import { replayText } from "./replay-text";
import { gridOf, PLAIN } from "./rule";
import { scenarios, simulate } from "./testing/recordings";

const root = mkdtempSync(join(tmpdir(), "headgate-replay-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder = "";
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});
const put = (name: string, text = "") => writeFileSync(join(folder, name), text);
const scenario = (name: string, seed: number) => simulate(scenarios[name] as (typeof scenarios)[string], seed);
const quiet = () => {};

describe("the interval of Clopper and Pearson", () => {
  // R: binom.test(found, all)$conf.int
  test.each([
    [0, 1, 0, 0.975],
    [0, 5, 0, 0.5218],
    [1, 10, 0.0025, 0.445],
    [5, 100, 0.0164, 0.1128],
    [10, 10, 0.6915, 1],
    [0, 100, 0, 0.0362],
    [30, 10_000, 0.002_025, 0.004_28],
  ])("of %i of %i", (found, all, lower, upper) => {
    const [low, high] = clopperPearson(found, all);
    expect(low).toBeCloseTo(lower, 4);
    expect(high).toBeCloseTo(upper, 4);
  });

  test("holds the share that was found, mirrors, and narrows with less confidence", () => {
    const counts = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 300 })).filter(([found, all]) => found <= all);
    fc.assert(
      fc.property(counts, ([found, all]) => {
        const [low, high] = clopperPearson(found, all);
        expect(low).toBeLessThanOrEqual(found / all);
        expect(high).toBeGreaterThanOrEqual(found / all);
        const [mirroredLow, mirroredHigh] = clopperPearson(all - found, all);
        expect([1 - mirroredHigh, 1 - mirroredLow]).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
        const [narrowLow, narrowHigh] = clopperPearson(found, all, 0.5);
        expect([low <= narrowLow, narrowHigh <= high]).toEqual([true, true]);
      }),
    );
  });
});

describe("recordings", () => {
  test("are the CSV files of a folder, and say what they were by their names or by labels.csv", async () => {
    for (const name of ["good-a.csv", "bad-b.csv", "monday.csv", "good-no.csv", "notes.txt"]) put(name);
    put("labels.csv", "note,expected,file\nx,bad,monday.csv\ny,bad,good-no.csv\n");
    const found = await findRecordings([folder, join(folder, "monday.csv")]);
    expect(found).toEqual([
      { file: join(folder, "bad-b.csv"), expected: "bad" },
      { file: join(folder, "good-a.csv"), expected: "good" },
      { file: join(folder, "good-no.csv"), expected: "bad" },
      { file: join(folder, "monday.csv"), expected: "bad" },
    ]);
    expect(await findRecordings([join(folder, "monday.csv")])).toEqual([found[3]]);
  });

  test("that nobody says anything about are told", async () => {
    put("monday.csv");
    const file = join(folder, "monday.csv");
    const fix = `Name it in ${join(folder, "labels.csv")} (columns file,expected), or begin its name with good- or bad-`;
    await expect(findRecordings([folder])).rejects.toThrow(
      new UsageError(`headgate judge: ${file} does not say what it was. ${fix}.`),
    );
  });

  test("that are not there are told", async () => {
    const missing = join(folder, "missing");
    await expect(findRecordings([missing])).rejects.toThrow(
      new UsageError(`headgate judge: --replay ${missing} is not there. Name folders and CSV files.`),
    );
    put("labels.csv", "file,expected\n");
    await expect(findRecordings([folder])).rejects.toThrow(
      new UsageError(`headgate judge: --replay ${folder} has no CSV file. Record releases in it first.`),
    );
  });

  test.each([
    ["file,was\na.csv,good", ":1 has not the columns file and expected (got file,was). Write file,expected."],
    ["file,expected\ngood-a.csv,fine", ':2 expected is not known (got "fine"). Write good or bad.'],
    ["file,expected\n\nb.csv,good", ':3 names a file that is not there (got "b.csv"). Correct the name.'],
    ["file,expected\n,good", ':2 names a file that is not there (got ""). Correct the name.'],
    [
      "file,expected\ngood-a.csv,good\n./good-a.csv,good\ngood-a.csv,bad",
      ":4 says otherwise than a line before (got good-a.csv as bad now). Keep one of them.",
    ],
    ["", " is empty. Write a line with the names of the columns first."],
  ])("labels %j are wrong", async (labels, message) => {
    put("good-a.csv");
    put("labels.csv", labels);
    await expect(findRecordings([folder])).rejects.toThrow(
      new UsageError(`headgate judge: ${join(folder, "labels.csv")}${message}`),
    );
  });
});

describe("a replay", () => {
  test("counts what each set of settings makes of the releases", async () => {
    const better = { ...(scenarios["good-usual"] as (typeof scenarios)[string]), ratio: () => 0 };
    put("good-1.csv", simulate(better, 1));
    put("good-2.csv", simulate({ ...better, requestsPerSecond: 0.02 }, 2));
    // A false alarm by decree.
    put("good-3.csv", scenario("bad-broken", 3));
    put("bad-1.csv", scenario("bad-broken", 4));
    put("bad-2.csv", scenario("bad-broken", 5));
    put("bad-3.csv", simulate(better, 6));
    put("bad-4.csv", simulate({ ...better, requestsPerSecond: 0.02 }, 7));
    const told: [number, number][] = [];
    const grid = gridOf({ alpha: "0.01,0.05", "warm-up": "0s,60s" });
    const outcomes = await replay(await findRecordings([folder]), PLAIN, grid, (...done) => told.push(done));
    expect(told).toHaveLength(28);
    expect(told.at(-1)).toEqual([28, 28]);
    expect(outcomes.map(({ settings }) => settings)).toEqual(grid);
    expect(outcomes[0]).toMatchObject({
      rule: { alpha: 0.01, warmUpSeconds: 0 },
      good: 3,
      falseAlarms: 1,
      falseAlarmInterval: clopperPearson(1, 3),
      goodPassed: 1,
      goodUndecided: 1,
      bad: 4,
      found: 2,
      missed: 2,
      badPassed: 1,
      medianDelaySeconds: 30,
    });
    expect(outcomes[1]).toMatchObject({ rule: { alpha: 0.01, warmUpSeconds: 60 }, medianDelaySeconds: 90 });
    expect(outcomes[0]?.releases.map(({ verdict }) => verdict)).toEqual([
      ...["fail", "fail", "pass", "undecided"],
      ...["pass", "undecided", "fail"],
    ]);
    expect(replayText(outcomes.slice(0, 2))).toBe(
      [
        "7 releases, 3 good and 4 bad",
        "alpha  warm-up  false alarms  95 % interval     found   missed  median delay  passed good  passed bad",
        "0.01   0s       1 of 3        0.84 % to 90.6 %  2 of 4  2       30 s          1 of 3       1 of 4",
        "0.01   60s      1 of 3        0.84 % to 90.6 %  2 of 4  2       1 min 30 s    1 of 3       1 of 4",
      ].join("\n"),
    );
  });

  test("of good releases alone has no delay and misses none; of bad ones alone no false alarms", async () => {
    put("good-1.csv", scenario("good-quiet", 1));
    const [good] = await replay(await findRecordings([folder]), PLAIN, [{}], quiet);
    expect(good).toMatchObject({ bad: 0, found: 0, missed: 0, medianDelaySeconds: null, falseAlarms: 0 });
    rmSync(join(folder, "good-1.csv"));
    put("bad-1.csv", scenario("bad-broken", 1));
    const [bad] = await replay(await findRecordings([folder]), PLAIN, [{}], quiet);
    expect(bad).toMatchObject({ good: 0, falseAlarmInterval: null, medianSecondsToPass: null, found: 1 });
    expect(replayText([bad as NonNullable<typeof bad>])).toContain("\n0 of 0 ");
  });

  test("judges latency where it was recorded, and says where it was asked for in vain", async () => {
    put("good-1.csv", scenario("good-quiet", 1));
    const recordings = await findRecordings([folder]);
    await expect(replay(recordings, PLAIN, [{ "latency-ratio": "0.9" }], quiet)).rejects.toThrow(
      new UsageError(
        `headgate judge: ${join(folder, "good-1.csv")} has no column canary_timed, which --latency-ratio asks for. Leave out --latency-ratio.`,
      ),
    );
    const objectives = { latency: { within: "1s", ratio: 0.9 } };
    expect(await replay(recordings, { ...PLAIN, objectives }, [{}], quiet)).toHaveLength(1);
  });

  test("names the file of a recording that is broken", async () => {
    put("bad-1.csv", "t\n");
    await expect(replay(await findRecordings([folder]), PLAIN, [{}], quiet)).rejects.toThrow(
      "bad-1.csv:1 has no column",
    );
  });
});
