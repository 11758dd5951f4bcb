import { expect, test } from "vitest";
import { frozen } from "./freeze";

const at = (moment: string) => new Date(moment);
const holidays = {
  dates: [{ from: "2026-12-23T18:00:00+01:00", to: "2027-01-02T08:00:00+01:00", reason: "holidays" }],
};
const fridays = { weekly: [{ days: ["friday" as const], from: "16:00", timeZone: "Europe/Berlin" }] };

test("between two dates nothing is released, and the message says until when", () => {
  expect(frozen(holidays, at("2026-12-23T16:59:59Z"))).toBeUndefined();
  expect(frozen(holidays, at("2026-12-23T17:00:00Z"))).toBe(
    "nothing is released until 2027-01-02T08:00:00+01:00: holidays",
  );
  expect(frozen(holidays, at("2027-01-02T07:00:00Z"))).toBeUndefined();
});

test("hours of a week are those of the time zone, in summer and in winter", () => {
  // 2026-11-20 and 2026-07-17 are Fridays; Berlin is one and two hours ahead.
  expect(frozen(fridays, at("2026-11-20T14:59:00Z"))).toBeUndefined();
  expect(frozen(fridays, at("2026-11-20T15:00:00Z"))).toBe(
    "nothing is released on a friday from 16:00 to 24:00 Europe/Berlin",
  );
  expect(frozen(fridays, at("2026-07-17T14:00:00Z"))).toBeDefined();
  expect(frozen(fridays, at("2026-11-20T22:59:00Z"))).toBeDefined();
  expect(frozen(fridays, at("2026-11-20T23:00:00Z"))).toBeUndefined();
});

test("without hours a whole day, without anything never", () => {
  const sundays = { weekly: [{ days: ["sunday" as const] }] };
  expect(frozen(sundays, at("2026-11-22T00:00:00Z"))).toBeDefined();
  expect(frozen(sundays, at("2026-11-21T23:59:00Z"))).toBeUndefined();
  expect(frozen({}, at("2026-11-22T00:00:00Z"))).toBeUndefined();
});
