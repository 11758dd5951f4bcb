const bytesPerUnit = new Map([
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
]);

/**
 * Whole bytes of an amount of memory such as "256MiB", "1GiB" or "512MB" (1 MiB is 1,048,576 bytes, 1 MB a million).
 * @throws RangeError that says what was got and how to write it.
 */
export function parseMemory(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([KMGT]i?B)$/.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (bytesPerUnit.get(unit ?? "") ?? Number.NaN));
  if (!Number.isSafeInteger(bytes)) {
    throw new RangeError(
      `${JSON.stringify(text)} is no amount of memory. Write a number with a unit: "256MiB", "1GiB".`,
    );
  }
  return bytes;
}
