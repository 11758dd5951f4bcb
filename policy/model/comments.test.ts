import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { commentsOf } from "./comments";

const of = (text: string) => Object.fromEntries(commentsOf(parseDocument(text), text));
const behind = (text: string) =>
  Object.fromEntries(Object.entries(of(text)).map(([path, comment]) => [path, comment.behind]));

test("a comment behind a value, in a map and in a list", () => {
  expect(behind("a:\n  - uses: x@1 # v1.0.0\n  - b #  c\n")).toEqual({ "a[0].uses": "v1.0.0", "a[1]": "c" });
});

test("a comment behind a key stands at what is below it", () => {
  expect(behind("permissions: # by OIDC\n  id-token: write\n")).toMatchObject({ permissions: "by OIDC" });
});

test("a map in one line has the comment behind it, and so has its last value", () => {
  expect(behind("a: { b: 1, c: 2 } # d\n")).toEqual({ a: "d", "a.c": "d" });
});

test("comments above, up to the first line that is none", () => {
  expect(of("# far\nx: 1\n# one\n  # two\na: 2\n").a).toEqual({ behind: "", above: "one two" });
  expect(of("# first\na: 1\n").a?.above).toBe("first");
});

test("what only looks like a comment", () => {
  expect(of('a: "b # c"\nd: e#f\ng: |\n  # h\n  i\nj: >\n  k # l\n')).toEqual({});
});

test("keys that are no words, Windows' ends of lines, and nothing at all", () => {
  expect(behind('"a b":\n  c: d # e\r\n')).toEqual({ '["a b"].c': "e" });
  expect(of("")).toEqual({});
  expect(of("# only this\n")).toEqual({});
});
