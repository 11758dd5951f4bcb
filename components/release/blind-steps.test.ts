import { describe, expect, test } from "vitest";
import type { Release } from "../model/release";
import { compileRelease } from "./compile";

const service = { image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } };
const warnings = (release: Release, availability = 0.999) =>
  compileRelease(release, service, "docker", { objectives: { availability } }).warnings;
const canary = {
  steps: [
    { weight: 5, hold: "60s" },
    { weight: 50, hold: "15m" },
  ],
};

describe("steps too short to see what the objectives ask for", () => {
  test("are named, with what they do show", () => {
    const [first, ...others] = warnings({ canary, analysis: { requestsPerSecond: 20 } });
    expect(others).toEqual([]);
    expect(first).toMatch(
      /^step 1 \(5 % for 60 s\) shows none below \d+ % of failed requests with 20 requests per second, and the objectives ask for 1 % of failed requests\. Give it more time or a larger share\.$/,
    );
  });

  test("are none with traffic enough, without a word about traffic, or when nobody judges", () => {
    expect(warnings({ canary, analysis: { requestsPerSecond: 1000 } })).toEqual([]);
    expect(warnings({ canary })).toEqual([]);
    expect(warnings({ canary, analysis: { requestsPerSecond: 20 }, emergency: { reason: "down" } })).toEqual([]);
  });

  test.each([0.4, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999])(
    "are none with traffic enough, by either judge and whatever is promised: %d",
    (availability) => {
      for (const judge of [{}, { threshold: {} }]) {
        const at = (requestsPerSecond: number) =>
          warnings({ canary, analysis: { requestsPerSecond, ...judge } }, availability);
        expect(at(100_000)).toEqual([]);
        expect(at(0.1).length).toBeGreaterThan(0);
      }
    },
  );

  test("tell of a rule that lets pass what the objectives ask for, with any traffic", () => {
    const analysis = { requestsPerSecond: 1e6, sequential: { ignoreBelow: 0.02 } };
    expect(warnings({ canary, analysis })).toEqual([
      expect.stringContaining("shows none below 2 % of failed requests"),
      expect.stringContaining("and the objectives ask for 1 % of failed requests"),
    ]);
  });

  test("show nothing at all where nobody comes, by either judge", () => {
    for (const judge of [{}, { threshold: {} }]) {
      const [first = ""] = warnings({ canary, analysis: { requestsPerSecond: 0.01, ...judge } });
      expect(first).toMatch(/^step 1 \(5 % for 60 s\) shows no regression at all with 0\.01 requests per second/);
    }
  });
});
