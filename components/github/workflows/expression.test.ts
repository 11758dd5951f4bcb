import fc from "fast-check";
import { expect, test } from "vitest";
import { all, any, concat, expression, literal, onBranches, text } from "./expression";

test("text in an expression is a literal of it, whatever it holds", () => {
  expect(expression`github.ref == ${"refs/heads/it's"}`.toString()).toBe("${{ github.ref == 'refs/heads/it''s' }}");
  expect(expression`a == ${"}} && secrets.X"}`.toString()).toBe("${{ a == '}} && secrets.X' }}");
});

test("expressions in text stay expressions, and text that looks like one does not become one", () => {
  const sha = expression`github.sha`;
  expect(text`deliver-${sha}`.toString()).toBe("deliver-${{ github.sha }}");
  expect(text`${"${{ secrets.X }}"}-${sha}`.toString()).toBe("${{ '${{' }} secrets.X }}-${{ github.sha }}");
  expect(concat("a", sha, "${{b").toString()).toBe("a${{ github.sha }}${{ '${{' }}b");
});

test("what GitHub makes of a literal is the text itself", () => {
  // GitHub replaces an expression by its value: that of a literal is what stands between its quotes.
  const shown = (source: string) =>
    source.replace(/\$\{\{ '((?:[^']|'')*)' \}\}/g, (_, inner) => inner.replace(/''/g, "'"));
  fc.assert(
    fc.property(fc.array(fc.constantFrom("${{", "}}", "'", "$", "{", "x ", "\n")), (pieces) => {
      const given = pieces.join("");
      expect(shown(literal(given))).toBe(given);
    }),
  );
});

test("conditions are joined without changing what they mean", () => {
  const one = expression`a == 'b'`;
  const two = any([one, expression`c == 'd'`]);
  expect(all([one, two]).source).toBe("a == 'b' && (a == 'b' || c == 'd')");
  expect(all([two]).source).toBe("a == 'b' || c == 'd'");
});

test("a run is for a branch by its whole name, and for a glob by what stands around its stars", () => {
  expect(onBranches(["main"]).source).toBe("github.ref == 'refs/heads/main'");
  expect(onBranches(["main", "release/*"]).source).toBe(
    "github.ref == 'refs/heads/main' || startsWith(github.ref, 'refs/heads/release/')",
  );
  expect(onBranches(["a*-x"]).source).toBe("startsWith(github.ref, 'refs/heads/a') && endsWith(github.ref, '-x')");
});
