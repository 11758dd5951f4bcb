import { expect, it } from "vitest";
import { autoname, isAutonamed } from "./autoname";
import type { CheckCall } from "./provider";

const call = (more: Partial<CheckCall>): CheckCall => ({
  urn: "u",
  type: "t",
  name: "web",
  inputs: {},
  oldInputs: {},
  autonaming: undefined,
  ...more,
});

it("makes a name, and keeps it", () => {
  const first = autoname(call({}));
  expect(first.name).toMatch(/^web-[0-9a-f]{7}$/);
  expect(isAutonamed(first)).toBe(true);
  expect(autoname(call({ oldInputs: first })).name).toBe(first.name);
  expect(autoname(call({})).name).not.toBe(first.name);
});

it("takes the program's name, and does not keep it when the program drops it", () => {
  const given = autoname(call({ inputs: { name: "mine" } }));
  expect(given).toEqual({ name: "mine" });
  expect(autoname(call({ oldInputs: given })).name).toMatch(/^web-/);
});

it("obeys the engine's settings", () => {
  expect(autoname(call({ autonaming: { mode: "propose", proposed: "p-web" } })).name).toBe("p-web");
  expect(() => autoname(call({ autonaming: { mode: "disable", proposed: "" } }))).toThrow(
    "web: name is missing, and autonaming is disabled. Set name.",
  );
});
