import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs of the tests: each starts what its own tests need, and no other's servers take from them. */
export const runs = ["fast", "real", "pipelines", "kubernetes"] as const;

const LONGEST_REASON = 240;

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
    const before = failed;
    for (const test of list(field(file, "assertionResults"))) {
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

/** A line for each thing that failed, with the first line of why: the run's own output may be long. */
export function failures(tests: readonly unknown[], lint: unknown): string[] {
  const lines: string[] = [];
  const say = (what: string, why: unknown) => {
    const [first = ""] = stripVTControlCharacters(typeof why === "string" ? why : "")
      .trim()
      .split("\n");
    lines.push(`failed     ${what}${first === "" ? "" : `: ${first.slice(0, LONGEST_REASON)}`}`);
  };
  for (const [index, run] of tests.entries()) {
    const files = field(run, "testResults");
    if (!Array.isArray(files)) say(`${runs[index]}: no report`, "");
    for (const file of list(files)) {
      const failed = list(field(file, "assertionResults")).filter((test) => field(test, "status") === "failed");
      const name = relative(process.cwd(), String(field(file, "name")));
      for (const test of failed) say(`${name} > ${field(test, "fullName")}`, list(field(test, "failureMessages"))[0]);
      if (failed.length === 0 && field(file, "status") === "failed") say(name, field(file, "message"));
    }
  }
  for (const linter of list(lint)) if (field(linter, "passed") !== true) say(String(field(linter, "name")), "");
  return lines;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
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
  const lint = report(join(folder, "lint.json"));
  for (const line of failures(tests, lint)) console.log(line);
  const counts = count(tests, lint, Number(code));
  const { text, ok } = verdict(counts);
  console.log(text);
  process.exitCode = ok ? 0 : 1;
}
