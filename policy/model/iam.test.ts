import { expect, it } from "vitest";
import { Cursor, UNKNOWN } from "../core/cursor";
import { any, covers, statementsOf } from "./iam";

it.each([
  ["*", "iam:PassRole", true],
  ["iam:*", "iam:PassRole", true],
  ["IAM:pass*", "iam:PassRole", true],
  ["iam:PassRol?", "iam:PassRole", true],
  ["iam:PassRole", "iam:PassRoles", false],
  ["iam.PassRole", "iam:PassRole", false],
  ["iam:(PassRole", "iam:PassRole", false],
  ["s3:*", "iam:PassRole", false],
])("%s covers %s: %s", (pattern, action, expected) => expect(covers(pattern, action)).toBe(expected));

it("takes time in proportion to a pattern of many stars", () => {
  expect(covers(`${"*a".repeat(40)}!`, "a".repeat(60))).toBe(false);
});

it("finds the statements of a text, an object, a list and a single one", () => {
  const of = (document: unknown) => statementsOf(Cursor.of({ resource: {}, partial: false }, { p: document }).at("p"));
  const paths = (document: unknown) => of(document).map(({ cursor }) => cursor.path);
  expect(paths({ Statement: [{}, {}] })).toEqual(["p.Statement[0]", "p.Statement[1]"]);
  expect(paths('{"Statement": {"Effect": "Allow"}}')).toEqual(["p.Statement"]);
  expect([paths("{"), paths(1), paths({ Statement: "x" }), paths({ Statement: [] })]).toEqual([[], [], [], []]);
  expect(of(UNKNOWN)).toHaveLength(1);
});

it("asks one value as it asks a list", () => {
  const of = (value: unknown) => Cursor.of({ resource: {}, partial: false }, { v: value }).at("v");
  const isA = (value: Cursor) => value.read() === "a";
  expect([of("a"), of(["b", "a"]), of("b"), of([]), of(undefined)].map((place) => any(place, isA))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(any(of([UNKNOWN, "a"]), isA)).toBe(true);
});
