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

const at = (p: unknown) => Cursor.root({ type: "acme:Thing", name: "one", properties: { p } }).at("p");

it("takes time in proportion to a pattern of many stars", () => {
  expect(covers(`${"*a".repeat(40)}!`, "a".repeat(60))).toBe(false);
});

it("finds the statements of a text, an object, a list and a single one", () => {
  const of = (document: unknown) => statementsOf(at(document));
  const paths = (document: unknown) => of(document).map(({ cursor }) => cursor.path);
  expect(paths({ Statement: [{}, {}] })).toEqual(["p.Statement[0]", "p.Statement[1]"]);
  expect(paths('{"Statement": {"Effect": "Allow"}}')).toEqual(["p.Statement"]);
  expect([paths("{"), paths(1), paths({ Statement: "x" }), paths({ Statement: [] })]).toEqual([[], [], [], []]);
  expect(of(UNKNOWN)).toHaveLength(1);
});

it("asks one value as it asks a list", () => {
  const isA = (value: Cursor) => value.read() === "a";
  expect([at("a"), at(["b", "a"]), at("b"), at([]), at(undefined)].map((place) => any(place, isA))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(any(at([UNKNOWN, "a"]), isA)).toBe(true);
});
