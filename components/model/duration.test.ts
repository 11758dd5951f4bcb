import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCpu } from "./cpu";
import { formatDuration, parseDuration } from "./duration";
import { parseMemory } from "./memory";

describe("parseDuration", () => {
  test.each([
    ["300s", 300],
    ["5m", 300],
    ["1.5h", 5400],
    ["500ms", 0.5],
    ["0s", 0],
    ["8760h", 31_536_000],
  ])("%s is %d seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  test.each([
    "",
    "300",
    "s",
    "-5s",
    "5 s",
    "5S",
    "1e3s",
    "5w",
    ".5s",
    "5.s",
    "1m30s",
    " 5s",
    "8761h",
    `${"9".repeat(400)}s`,
  ])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
    expect(() => parseDuration(text)).toThrow(/is no duration .* Write a number with a unit: "300s", "5m"\.$/);
  });

  test("reads what formatDuration writes, to the microsecond", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31_536_000 * 1000 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds / 1000))).toBe(milliseconds / 1000);
      }),
      { numRuns: 10_000 },
    );
  });
});

test.each([
  [300, "5m"],
  [90, "90s"],
  [0.5, "500ms"],
  [5400, "90m"],
  [7200, "2h"],
  [0, "0s"],
  [1.5, "1500ms"],
])("formatDuration of %d is %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("formatDuration refuses %d", (seconds) => {
  expect(() => formatDuration(seconds)).toThrow(RangeError);
});

test.each([
  ["256MiB", 268_435_456],
  ["1GiB", 1_073_741_824],
  ["512MB", 512_000_000],
  ["1.5KiB", 1536],
])("parseMemory of %s is %d bytes", (text, bytes) => expect(parseMemory(text)).toBe(bytes));

test.each(["", "256", "256Mi", "-1MiB", "256 MiB", "1PiB", "99999999TiB"])("parseMemory refuses %j", (text) => {
  expect(() => parseMemory(text)).toThrow(/Write a number with a unit: "256MiB", "1GiB"\.$/);
});

test.each([
  ["0.25", 0.25],
  ["250m", 0.25],
  ["2", 2],
])("parseCpu of %s is %d cores", (text, cores) => expect(parseCpu(text)).toBe(cores));

test.each(["", "-1", "1 core", "0,5", "m", "1e3", "9".repeat(400)])("parseCpu refuses %j", (text) => {
  expect(() => parseCpu(text)).toThrow(/is no number of CPU cores\. Write it as a decimal/);
});
