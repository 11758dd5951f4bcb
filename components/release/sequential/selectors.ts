interface Matcher {
  label: string;
  operator: string;
  value: string;
}

/** Label matchers of a selector: `{code=~"5..", revision="12"}`. */
function matchersOf(selector: string): Matcher[] {
  const found = selector.matchAll(/([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, label = "", operator = "", value = ""]) => ({ label, operator, value }));
}

/**
 * Makes sure that no series can belong to both versions: a label must have one value here and another one there.
 * @throws RangeError when it is not so.
 */
export function disjoint(canary: string, stable: string): void {
  const others = matchersOf(stable);
  const apart = matchersOf(canary).some(({ label, operator, value }) =>
    others.some((other) => {
      if (other.label !== label) return false;
      if (operator === "=" && other.operator === "=") return other.value !== value;
      return [operator, other.operator].sort().join(" ") === "!= =" && other.value === value;
    }),
  );
  if (apart) return;
  throw new RangeError(
    `the selectors may match both versions (got ${canary} and ${stable}). Give both a label with its value, as in revision="12" and revision="11".`,
  );
}
