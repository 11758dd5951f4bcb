/** Compares dotted versions by number; a leading `v` and anything after a `-` or `+` do not count. */
export function atLeast(version: string, minimum: string): boolean {
  const [a, b] = [parts(version), parts(minimum)];
  if (a.length === 0) return false;
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function parts(version: string): number[] {
  const found = /^v?(\d+(?:\.\d+)*)/.exec(version.trim())?.[1];
  return found === undefined ? [] : found.split(".").map(Number);
}
