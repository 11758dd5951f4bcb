/** Whether some branch or tag matches both globs, in which a star stands for any characters. */
export function globsMeet(one: string, other: string): boolean {
  const seen = new Map<string, boolean>();
  const meet = (a: number, b: number): boolean => {
    const key = `${a} ${b}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    // A star against itself would ask again what is being asked.
    seen.set(key, false);
    const found = step(a, b);
    seen.set(key, found);
    return found;
  };
  const step = (a: number, b: number): boolean => {
    if (a === one.length && b === other.length) return true;
    if (one[a] === "*") return meet(a + 1, b) || (b < other.length && meet(a, b + 1));
    if (other[b] === "*") return meet(a, b + 1) || (a < one.length && meet(a + 1, b));
    return a < one.length && one[a] === other[b] && meet(a + 1, b + 1);
  };
  return meet(0, 0);
}

export const someMeet = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((a) => other.some((b) => globsMeet(a, b)));
