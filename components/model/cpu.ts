/**
 * Cores of a CPU share such as "0.25", "2", or "250m" (thousandths of a core).
 * @throws RangeError that says what was got and how to write it.
 */
export function parseCpu(text: string): number {
  const [, number, thousandths] = /^(\d+(?:\.\d+)?)(m?)$/.exec(text) ?? [];
  const cores = Number(number) / (thousandths === "m" ? 1000 : 1);
  if (!Number.isFinite(cores)) {
    throw new RangeError(
      `${JSON.stringify(text)} is no number of CPU cores. Write it as a decimal: "0.25" is a quarter of a core.`,
    );
  }
  return cores;
}
