import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { expressionOf, hookFiles } from "./hooks";

const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.constantFrom("yes", "12:30", "a: b", "- x", "'", '"', "\\n", "a\nb", "# x", "*a", "!!x", "{a}", "\u0085\u2028"),
);

test("settings of hooks hold what was written, whatever it is", () => {
  fc.assert(
    fc.property(text, text, text, (name, run, files) => {
      const hook = { name, run, files };
      const [lefthook, preCommit] = (["lefthook", "pre-commit"] as const).map((runner) =>
        parse(hookFiles({ runner, preCommit: [hook], prePush: [] })[0]?.content ?? ""),
      );
      expect(Object.entries(lefthook["pre-commit"].commands)).toEqual([
        [name, { run, glob: files.includes("/") ? files : `**/${files}` }],
      ]);
      const [made] = preCommit.repos[0].hooks;
      expect(made.name).toBe(name);
      // As Python's shlex reads a word in single quotes.
      expect(made.entry.slice("bash -c '".length, -1).replaceAll("'\\''", "'")).toBe(run);
    }),
  );
});

test.each([
  ["*.{ts,js}", ["a.ts", "src/b.js"], ["a.tsx", "ts"]],
  ["src/**/*.ts", ["src/a.ts", "src/b/c.ts"], ["lib/src/a.ts", "src/a.js"]],
  ["src/*.ts", ["src/a.ts"], ["src/b/a.ts"]],
  ["a+b(1).txt", ["a+b(1).txt", "x/a+b(1).txt"], ["aab1.txt"]],
])("the glob %s is about the files it is about in a shell", (glob, meant, others) => {
  const expression = new RegExp(expressionOf(glob));
  for (const file of meant) expect(expression.test(file), file).toBe(true);
  for (const file of others) expect(expression.test(file), file).toBe(false);
});
