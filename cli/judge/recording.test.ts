import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError } from "../command";
import { median, parseRecording, readRecording } from "./recording";

const HEAD = "t,canary_total,canary_bad,stable_total,stable_bad";
const read = (...rows: string[]) => parseRecording("run.csv", [HEAD, ...rows].join("\n"));

/** Increments of one slot: seconds, canary's total and bad, stable's total and bad. */
type Increment = [seconds: number, total: number, bad: number, oldTotal: number, oldBad: number];
const tally = fc
  .tuple(fc.nat(1000), fc.nat(1000))
  .map(([one, two]): [number, number] => [Math.max(one, two), Math.min(one, two)]);
const increment = fc
  .tuple(fc.integer({ min: 1, max: 60 }), tally, tally)
  .map(([seconds, fresh, old]): Increment => [seconds, ...fresh, ...old]);
const runs = fc.array(increment, { minLength: 1, maxLength: 30 });

/** Rows of counters that grow so; `start` is what they begin with. */
function rowsOf(increments: readonly Increment[], start = [0, 7, 3, 9, 4]): number[][] {
  const rows = [start];
  for (const each of increments) rows.push(each.map((value, column) => value + (rows.at(-1)?.[column] ?? 0)));
  return rows;
}
const csvOf = (rows: readonly (readonly unknown[])[], head = HEAD, end = "\n") => [head, ...rows].join(end);

describe("a recording", () => {
  test("has the increments between its rows, the first row only a start", () => {
    expect(read("0,5,1,100,2", "15,5,1,150,3", "30,25,2,200,3")).toEqual({
      slots: [
        { at: 15, new: { total: 0, bad: 0 }, old: { total: 50, bad: 1 } },
        { at: 30, new: { total: 20, bad: 1 }, old: { total: 50, bad: 0 } },
      ],
      slotSeconds: 15,
      timed: false,
    });
  });

  test("gives back the increments its counters were made of", () => {
    fc.assert(
      fc.property(runs, (increments) => {
        const { slots } = parseRecording("run.csv", csvOf(rowsOf(increments)));
        expect(slots.map((slot) => [slot.new.total, slot.new.bad, slot.old.total, slot.old.bad])).toEqual(
          increments.map(([, ...counts]) => counts),
        );
      }),
    );
  });

  test("is the same with shuffled and further columns, CRLF, a byte order mark, quotes and empty lines", () => {
    const names = HEAD.split(",");
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(runs, orders, fc.boolean(), fc.boolean(), (increments, order, crlf, quoted) => {
        const rows = rowsOf(increments);
        const quote = (cell: unknown) => (quoted ? `"${cell}"` : ` ${cell} `);
        const cells = [names, ...rows].map((row, line) => [...row, line === 0 ? "note" : 'so, "so"\nto say']);
        const odd = cells.map((row) =>
          order.map((column) => (column === 5 ? `"${String(row[5]).replaceAll('"', '""')}"` : quote(row[column]))),
        );
        const text = `\ufeff${odd.join(crlf ? "\r\n\r\n" : "\n\n")}\n`;
        expect(parseRecording("run.csv", text)).toEqual(parseRecording("run.csv", csvOf(rows)));
      }),
    );
  });

  test("counts from zero after a reset, which changes nothing that was counted since", () => {
    fc.assert(
      fc.property(runs, fc.nat(), (increments, seed) => {
        const rows = rowsOf(increments, [0, 0, 0, 0, 0]);
        const at = 1 + (seed % increments.length);
        const [before, now] = [rows[at - 1] ?? [], rows[at] ?? []];
        for (const [total, bad] of [[1, 2] as const, [3, 4] as const]) {
          const grown = [(now[total] ?? 0) - (before[total] ?? 0), (now[bad] ?? 0) - (before[bad] ?? 0)];
          // Only then does the counter show that it began anew.
          const falls = (grown[0] ?? 0) < (before[total] ?? 0);
          const partFalls = (grown[1] ?? 0) < (before[bad] ?? 0) || before[bad] === 0;
          fc.pre(falls && partFalls);
          for (const row of rows.slice(at)) {
            row[total] = (row[total] ?? 0) - (before[total] ?? 0);
            row[bad] = (row[bad] ?? 0) - (before[bad] ?? 0);
          }
        }
        const straight = parseRecording("run.csv", csvOf(rowsOf(increments, [0, 0, 0, 0, 0])));
        expect(parseRecording("run.csv", csvOf(rows))).toEqual(straight);
      }),
      { numRuns: 300 },
    );
  });

  test("knows slow requests when all four columns are there", () => {
    const head = `${HEAD},canary_timed,canary_slow,stable_timed,stable_slow`;
    const { slots, timed } = parseRecording("run.csv", `${head}\n0,0,0,0,0,0,0,0,0\n15,9,1,90,2,8,3,80,4`);
    expect(timed).toBe(true);
    expect(slots).toEqual([
      { at: 15, new: { total: 9, bad: 1, timed: 8, slow: 3 }, old: { total: 90, bad: 2, timed: 80, slow: 4 } },
    ]);
  });

  test("has slots as long as the median distance of its rows", () => {
    expect(read("0,0,0,0,0", "10,0,0,0,0", "20,0,0,0,0", "100,0,0,0,0").slotSeconds).toBe(10);
    expect(median([1, 4])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });

  test("may have fractions and powers of ten", () => {
    expect(read("0.5,0,0,0,0", "1.75,1e3,2.5,.5,0").slots[0]).toEqual({
      at: 1.75,
      new: { total: 1000, bad: 2.5 },
      old: { total: 0.5, bad: 0 },
    });
  });
});

describe("what is no recording is told with its file and line", () => {
  const start = "0,0,0,0,0";
  const number = "Write 0 for a version that is not there yet, and leave out scrapes without a value.";
  const together = "Counters that begin anew do so together: record both from the same process.";
  test.each([
    ["", "run.csv is empty. Write a line with the names of the columns first."],
    ["\n\n", "run.csv is empty. Write a line with the names of the columns first."],
    [
      HEAD,
      "run.csv must have at least two rows (got 0). Write one for each scrape; the first says where counting starts.",
    ],
    [
      `${HEAD}\n${start}`,
      "run.csv must have at least two rows (got 1). Write one for each scrape; the first says where counting starts.",
    ],
    [
      "t,canary_total,canary_bad,stable_total\n0,0,0,0\n1,0,0,0",
      `run.csv:1 has no column stable_bad (got t,canary_total,canary_bad,stable_total). Name the columns ${HEAD}.`,
    ],
    [
      `${HEAD},canary_slow\n`,
      `run.csv:1 has no column canary_timed (got ${HEAD},canary_slow). Name the columns ${HEAD},canary_timed,canary_slow,stable_timed,stable_slow.`,
    ],
    [`t,${HEAD}\n`, "run.csv:1 has two columns t. Keep one of them."],
    [
      `${HEAD}\n${start}\n15,1,0`,
      "run.csv:3 has not as many cells as the first line (got 3). Write one for each of its columns.",
    ],
    [
      `${HEAD}\n${start}\n15,"1,0,0,0`,
      "run.csv:3 is broken by a quote. Close it, and double quotes that are inside of quotes.",
    ],
    [`${HEAD}\n${start}\n15,many,0,0,0`, `run.csv:3 canary_total is no number (got "many"). ${number}`],
    [`${HEAD}\n${start}\n15,,0,0,0`, `run.csv:3 canary_total is no number (got ""). ${number}`],
    [`${HEAD}\n${start}\n15,0x10,0,0,0`, `run.csv:3 canary_total is no number (got "0x10"). ${number}`],
    [`${HEAD}\n${start}\n15,0,NaN,0,0`, `run.csv:3 canary_bad is no number (got "NaN"). ${number}`],
    [`${HEAD}\n${start}\n15,0,0,1e999,0`, `run.csv:3 stable_total is no number (got "1e999"). ${number}`],
    [
      `${HEAD}\n${start}\n15,0,0,-4,0`,
      "run.csv:3 stable_total is negative (got -4). Times and counters start at zero.",
    ],
    [`${HEAD}\n${start}\n15,1e20,0,0,0`, "run.csv:3 canary_total is too large (got 1e20). Check the recording."],
    [
      `${HEAD}\n1700000000000,0,0,0,0\n1700000015000,0,0,0,0`,
      "run.csv:2 t is no time in seconds (got 1700000000000). Divide milliseconds by 1000.",
    ],
    [
      `${HEAD}\n${start}\n15,4,5,0,0`,
      "run.csv:3 canary_bad grew by more than canary_total (got 5 of 4). Count every bad request among all requests too.",
    ],
    [
      `${HEAD}\n0,5,0,10,50\n15,20,0,110,51`,
      "run.csv:2 stable_bad is more than stable_total (got stable_bad 50, stable_total 10). Count every bad request among all requests too.",
    ],
    [
      `${HEAD},canary_timed,canary_slow,stable_timed,stable_slow\n0,9,0,9,0,3,4,9,0\n15,9,0,9,0,3,4,9,0`,
      "run.csv:2 canary_slow is more than canary_timed (got canary_slow 4, canary_timed 3). Count every bad request among all requests too.",
    ],
    [
      `${HEAD}\n30,0,0,0,0\n15,0,0,0,0`,
      "run.csv:3 t is before that of the row before (got 15 after 30). Sort the rows by t.",
    ],
    [
      `${HEAD}\n30,0,0,0,0\n\n30,0,0,0,0`,
      "run.csv:4 t is that of the row before (got 30 twice). Keep one row for each scrape.",
    ],
    [
      `${HEAD}\n0,0,0,100,9\n15,0,0,120,4`,
      `run.csv:3 stable_bad falls while stable_total does not (got stable_bad 4 after 9, stable_total 120 after 100). ${together}`,
    ],
    [
      `${HEAD}\n0,0,0,100,2\n15,0,0,10,2`,
      `run.csv:3 stable_total falls while stable_bad does not (got stable_total 10 after 100, stable_bad 2 after 2). ${together}`,
    ],
    [
      `${HEAD}\n0,0,0,100,0\n15,0,0,10,11`,
      "run.csv:3 stable_bad grew by more than stable_total (got 11 of 10). Count every bad request among all requests too.",
    ],
  ])("%j", (text, message) => {
    const failing = () => parseRecording("run.csv", text);
    expect(failing).toThrow(UsageError);
    expect(failing).toThrow(new UsageError(`headgate judge: ${message}`));
  });

  test("a reset of a counter without bad requests is one", () => {
    expect(read("0,100,0,0,0", "15,10,0,0,0", "30,4,4,0,0").slots.map((slot) => slot.new)).toEqual([
      { total: 10, bad: 0 },
      { total: 4, bad: 4 },
    ]);
  });

  test("the right line is named after cells of several lines", () => {
    const text = `${HEAD},note\n0,0,0,0,0,"one\ntwo"\n15,x,0,0,0,`;
    expect(() => parseRecording("run.csv", text)).toThrow("headgate judge: run.csv:4 canary_total is no number");
  });

  test("whatever a file holds, an error is one for the user", () => {
    const cell = fc.constantFrom("0", "1", "5", "-1", "x", '"', "", "NaN", "1e3", "\n", "\r\n", ",", " ", "é");
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), fc.boolean(), (cells, headed) => {
        try {
          parseRecording("run.csv", `${headed ? `${HEAD}\n` : ""}${cells.join(",")}`);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "headgate-judge-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("that is not there, a folder, or no text is told", async () => {
    const missing = join(folder, "missing.csv");
    await expect(readRecording(missing)).rejects.toThrow(
      new UsageError(`headgate judge: ${missing} cannot be read (got ENOENT). Check its name.`),
    );
    await expect(readRecording(folder)).rejects.toThrow(
      new UsageError(`headgate judge: ${folder} cannot be read (got EISDIR). Check its name.`),
    );
    const binary = join(folder, "binary.csv");
    writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x74]));
    await expect(readRecording(binary)).rejects.toThrow(
      new UsageError(`headgate judge: ${binary} is no text in UTF-8. Save it as CSV in UTF-8.`),
    );
  });
});
