import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs of the tests: each starts what its own tests need, and no other's servers take from them. */
export const runs = ["fast", "real", "kubernetes"] as const;

/**
 * Adds up what the runners wrote. A test file that could not be loaded counts as one failure, as do a failed linter,
 * a report that is missing or cannot be read, and a run that ended badly although no test says so.
 */
export function count(tests: readonly unknown[], lint: unknown, exitCode: number): Counts {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const reports = tests.map((run) => field(run, "testResults"));
  failed += reports.filter((files) => !Array.isArray(files)).length;
  for (const file of reports.filter((files) => Array.isArray(files)).flat()) {
    const tests = field(file, "assertionResults");
    const before = failed;
    for (const test of Array.isArray(tests) ? tests : []) {
      const status = field(test, "status");
      if (status === "passed") passed++;
      else if (status === "failed") failed++;
      else skipped++;
    }
    if (field(file, "status") === "failed" && failed === before) failed++;
  }
  if (!Array.isArray(lint)) failed++;
  else failed += lint.filter((linter) => field(linter, "passed") !== true).length;
  if (failed === 0 && exitCode !== 0) failed++;
  return { passed, failed, skipped };
}

/** The line that closes a run, and whether the run is good: nothing failed, and something ran. */
export function verdict({ passed, failed, skipped }: Counts): { readonly text: string; readonly ok: boolean } {
  return { text: `${passed} passed, ${failed} failed, ${skipped} skipped`, ok: failed === 0 && passed > 0 };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function report(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

if (process.argv[1] === __filename) {
  const [folder = "test-results", code = "1"] = process.argv.slice(2);
  const tests = runs.map((run) => report(join(folder, `${run}.json`)));
  const counts = count(tests, report(join(folder, "lint.json")), Number(code));
  const { text, ok } = verdict(counts);
  console.log(text);
  process.exitCode = ok ? 0 : 1;
}
