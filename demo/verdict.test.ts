import { describe, expect, it } from "vitest";
import { madeRelease, madeSamples } from "./fixture";
import { type LoadReport, sumOf } from "./load";
import { type Attempt, broken } from "./verdict";

/** A demo in which all is well. */
function made(): { good: Attempt; bad: Attempt; load: LoadReport } {
  const good = madeRelease({ version: "1.1.0", startedAt: 1005, steps: [[10, 10]], outcome: "promoted" });
  const bad = madeRelease({
    version: "1.2.0",
    startedAt: 1030,
    steps: [[10, 8]],
    outcome: "rolledBack",
    reason: "worse",
  });
  const samples = madeSamples("1.0.0", [good, bad], 1000, 1050);
  return {
    good: { ...good, exitCode: 0, output: "" },
    bad: { ...bad, exitCode: 255, output: "All traffic is on sha256:bbbbbbbbbbbb… again" },
    load: {
      ...sumOf(samples),
      samples,
      errorCodes: {},
      lag: 5,
      latency: { p50: 1, p95: 2, p99: 3, max: 4 },
      seconds: 50,
    },
  };
}

describe("broken", () => {
  it("has nothing to say when the good one was promoted and only the bad one failed requests", () => {
    const { good, bad, load } = made();
    expect(load.byVersion["1.2.0"]?.failed).toBeGreaterThan(0);
    expect(broken(good, bad, load)).toEqual([]);
  });

  it.each<[string, (demo: ReturnType<typeof made>) => void, string]>([
    ["good up failed", ({ good }) => (good.exitCode = 1), "1.1.0 was not promoted"],
    ["good taken back", ({ good }) => (good.state.outcome = "rolledBack"), "1.1.0 was not promoted"],
    ["bad up succeeded", ({ bad }) => (bad.exitCode = 0), "1.2.0 was not taken back: pulumi up ended with 0"],
    ["bad promoted", ({ bad }) => (bad.state.outcome = "promoted"), "the release is promoted"],
    ["digest not named", ({ bad }) => (bad.output = "it failed"), "does not name the digest that serves again"],
    [
      "good failed requests",
      ({ load }) => (load.byVersion["1.1.0"] = { ok: 1, failed: 3 }),
      "3 requests were answered",
    ],
    ["gateway failed requests", ({ load }) => (load.byVersion["none"] = { ok: 0, failed: 1 }), "by the gateway itself"],
    [
      "lost requests",
      ({ load }) => Object.assign(load, { errors: 2, errorCodes: { ECONNRESET: 2 } }),
      "2 requests got no answer: 2 × ECONNRESET",
    ],
    [
      "a busy machine",
      ({ load }) => Object.assign(load, { errors: 1, errorCodes: { ETIMEDOUT: 1 }, lag: 1500 }),
      "1 × ETIMEDOUT; the load itself was held up for 1,500 ms by a busy machine",
    ],
    [
      "late stray",
      ({ load }) => Object.assign(load.samples.at(-1)?.byVersion ?? {}, { "1.2.0": { ok: 1, failed: 0 } }),
      "answered by 1.2.0",
    ],
    ["load too short", ({ load }) => load.samples.splice(30), "the load ended before 1.2.0 was out"],
  ])("names what went wrong: %s", (_name, spoil, problem) => {
    const demo = made();
    spoil(demo);
    const problems = broken(demo.good, demo.bad, demo.load);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});
