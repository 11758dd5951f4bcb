import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";

const ROOT = join(__dirname, "..", "..");

/**
 * The testkit's examples are test files themselves: each runs as one, with the package's name for this checkout.
 * `fence` is what stands behind the ticks of the examples to run.
 */
export async function expectExamplesPass(fence: string, atLeast: number): Promise<void> {
  mkdirSync(join(ROOT, "test-results"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "test-results", "readme-"));
  try {
    const readme = readFileSync(join(ROOT, "testkit", "README.md"), "utf8");
    const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${fence}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
      ([, code]) => code ?? "",
    );
    expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
    for (const [index, code] of blocks.entries()) writeFileSync(join(folder, `block${index}.test.ts`), code);
    writeFileSync(
      join(folder, "vitest.config.mts"),
      `export default { root: ${JSON.stringify(folder)}, resolve: { alias: ${JSON.stringify({
        "headgate/testkit": join(ROOT, "testkit", "index.ts"),
      })} }, test: { pool: "forks", isolate: false, maxWorkers: 1, include: ["*.test.ts"] } };\n`,
    );
    const vitest = join(ROOT, "node_modules", ".bin", "vitest");
    const args = [
      "run",
      "--config",
      join(folder, "vitest.config.mts"),
      "--reporter=json",
      `--outputFile=${join(folder, "report.json")}`,
    ];
    // A failed run is in the report.
    await promisify(execFile)(vitest, args, { cwd: ROOT }).catch(() => undefined);
    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as {
      testResults: {
        assertionResults: { title: string; status: string; failureMessages: string[] }[];
        message: string;
      }[];
    };
    const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    expect(
      results.filter(({ status }) => status !== "passed").map(({ title, failureMessages }) => [title, failureMessages]),
    ).toEqual([]);
    expect(report.testResults.map(({ message }) => message).filter((message) => message !== "")).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(blocks.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
