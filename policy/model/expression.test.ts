import fc from "fast-check";
import { expect, test } from "vitest";
import { givenBy, givenByExpression } from "./expression";

const contexts = (expression: string) => givenByExpression(expression).contexts;

test.each([
  ["github.head_ref", ["github.head_ref"]],
  [" GitHub.Event.issue.title ", ["github.event.issue.title"]],
  ["github['event']['issue'].title", ["github.event.issue.title"]],
  ["github.event.commits[0].message", ["github.event.commits.*.message"]],
  ["github.event.commits.*.message", ["github.event.commits.*.message"]],
  ["github[format('{0}', 'event')].issue", ["github.*.issue"]],
  ["github.event[*].title", ["github.event.*.title"]],
  ["'github.head_ref'", []],
  ["'it''s' || github.head_ref", ["github.head_ref"]],
  ["github.head_ref || github.ref", ["github.head_ref", "github.ref"]],
  ["github.head_ref && 'yes' || 'no'", []],
  ["true && github.head_ref", ["github.head_ref"]],
  ["github.head_ref == 'main'", []],
  ["!github.head_ref", []],
  ["(github.head_ref)", ["github.head_ref"]],
  ["(github.event || github).issue", ["github.event.issue", "github.issue"]],
  ["contains(github.event.comment.body, '/run')", []],
  ["format('{0} {1}', 1, github.head_ref)", ["github.head_ref"]],
  ["fromJSON(github.event.comment.body).x", ["github.event.comment.body.x"]],
  ["success()", []],
  ["-1.5e3 > 0x1f", []],
  ["github.", []],
  ["github.head_ref)", []],
  ["contains(", []],
  ["# ^", []],
])("%s can give %j", (expression, expected) => expect(contexts(expression)).toEqual(expected));

test("as JSON everything below comes out", () => {
  expect(givenByExpression("toJSON(github.event)")).toEqual({ contexts: ["github.event"], whole: true });
  expect(givenByExpression("github.event").whole).toBe(false);
});

test("every expression of a text, with braces in texts", () => {
  const values = givenBy(`echo \${{ '}}' || github.ref }} \${{github.sha}} $ { { x } }`);
  expect(values.map((value) => value.contexts)).toEqual([["github.ref"], ["github.sha"]]);
});

test("no text upsets it", () => {
  const piece = fc.constantFrom("(", ")", "[", "]", "'", "github", ".", "*", "&&", "||", "!", "==", " ", "1", "é", ",");
  fc.assert(fc.property(fc.array(piece), (pieces) => void givenByExpression(pieces.join(""))));
  givenByExpression("(".repeat(100_000));
  givenByExpression("!".repeat(100_000));
  givenBy(`\${{ ${"'".repeat(20_000)}`);
});
