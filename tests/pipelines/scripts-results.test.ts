import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resultsScript } from "../../components/pipeline/scripts/results";
import { Bench } from "./run/bash";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  mkdirSync(bench.path("reports"));
  mkdirSync(bench.path("reports/more of them"));
});
afterEach(() => bench[Symbol.dispose]());

const run = async (report: string): Promise<[number, string]> => {
  const { code } = await bench.run(resultsScript, { REPORT: report, SUMMARY: bench.path("summary.md") });
  return [code, bench.read("summary.md")];
};

const PYTEST =
  '<?xml version="1.0"?><testsuites><testsuite name="pytest" tests="3" failures="1" errors="1">' +
  '<testcase classname="a" name="test_good" time="0.1"/><testcase classname="a" name="test_bad"><failure message="x">' +
  'a &lt; b</failure></testcase><testcase\n classname="a"\n name="test_broken"><error message="y"/></testcase></testsuite></testsuites>';
const NESTED = `<testsuites>
  <testsuite name="outer" tests="2"><testsuite name="inner" tests="2">
    <testcase name="one"><system-out>&lt;failure&gt;</system-out></testcase>
    <testcase name="two"><skipped/></testcase>
  </testsuite></testsuite>
</testsuites>`;

test("tests are counted, and those that failed are named", async () => {
  bench.write("junit.xml", PYTEST);
  expect(await run("junit.xml")).toEqual([0, "**1 passed, 2 failed, 0 skipped**\n\n- `test_bad`\n- `test_broken`\n"]);
});

test("several files are one result, suites in suites count once", async () => {
  bench.write("reports/a.xml", PYTEST);
  bench.write("reports/more of them/b.xml", NESTED);
  expect(await run("reports/**/*.xml")).toEqual([
    0,
    "**2 passed, 2 failed, 1 skipped**\n\n- `test_bad`\n- `test_broken`\n",
  ]);
});

test("a test with both a failure and an error fails once", async () => {
  bench.write("junit.xml", '<testsuite><testcase name="x"><failure/><error/></testcase></testsuite>');
  expect(await run("junit.xml")).toEqual([0, "**0 passed, 1 failed, 0 skipped**\n\n- `x`\n"]);
});

test("no report is no failure: what failed before it tells", async () => {
  expect(await run("junit.xml")).toEqual([0, ""]);
});

test("a path is a path, whatever it holds", async () => {
  bench.write("a $(touch bad) b.xml", NESTED);
  expect((await run("a $(touch bad) b.xml"))[1]).toContain("**1 passed, 0 failed, 1 skipped**");
  expect(bench.read("bad")).toBe("");
});
