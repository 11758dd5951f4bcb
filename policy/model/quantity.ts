const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?\d+))?$/;
const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

/**
 * The number that a quantity of Kubernetes stands for: 0.5 for "500m", 1024 for "1Ki"; undefined where it is none.
 * Source: k8s.io/apimachinery, resource.Quantity.
 */
export function quantity(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const match = typeof value === "string" ? QUANTITY.exec(value) : null;
  if (match === null) return undefined;
  const [, digits, binary, decimal, exponent] = match;
  const factor = binary !== undefined ? 1024 ** (BINARY.indexOf(binary) + 1) : (DECIMAL[decimal ?? ""] ?? 1);
  return Number(digits) * factor * 10 ** Number(exponent ?? 0);
}
