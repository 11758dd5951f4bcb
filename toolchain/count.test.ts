import { join } from "node:path";
import { expect, test } from "vitest";
import { count, failures, verdict } from "./count";

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
});
const clean = [{ name: "biome", passed: true }];

test("tests are added up over files; todo and pending ones are skipped", () => {
  const one = { testResults: [file("passed", "passed", "passed", "pending"), file("failed", "failed", "todo")] };
  const other = { testResults: [file("passed", "passed")] };
  expect(count([one, other], clean, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
});

test("a file that cannot be loaded, and each failed linter, is a failure", () => {
  const lint = [...clean, { name: "tsc", passed: false }];
  expect(count([{ testResults: [file("failed"), file("passed", "passed")] }], lint, 1)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
  });
});

test("a missing report is a failure, and so is a bad end that no test explains", () => {
  const good = { testResults: [file("passed", "passed")] };
  expect(count([undefined], undefined, 1)).toEqual({ passed: 0, failed: 2, skipped: 0 });
  expect(count([good, undefined, undefined], clean, 1)).toEqual({ passed: 1, failed: 2, skipped: 0 });
  expect(count([good], clean, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(count([good], clean, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
});

test("a run is good when nothing failed and something ran", () => {
  expect(verdict({ passed: 3, failed: 0, skipped: 1 })).toEqual({ text: "3 passed, 0 failed, 1 skipped", ok: true });
  expect(verdict({ passed: 3, failed: 1, skipped: 0 }).ok).toBe(false);
  expect(verdict({ passed: 0, failed: 0, skipped: 9 }).ok).toBe(false);
});

test("each failure is named with the first line of why, and a file that could not be loaded by its own", () => {
  const name = join(process.cwd(), "a.test.ts");
  const failed = { status: "failed", fullName: "it holds", failureMessages: ["\u001b[31mError: no\u001b[39m\n  at x"] };
  const fast = {
    testResults: [
      { name, status: "failed", assertionResults: [failed, { status: "passed" }] },
      { name, status: "failed", message: "no module", assertionResults: [] },
      file("passed", "passed"),
    ],
  };
  expect(failures([fast, undefined], [...clean, { name: "tsc", passed: false }])).toEqual([
    "failed     a.test.ts > it holds: Error: no",
    "failed     a.test.ts: no module",
    "failed     real: no report",
    "failed     tsc",
  ]);
  expect(failures([{ testResults: [file("passed", "passed")] }], clean)).toEqual([]);
});
