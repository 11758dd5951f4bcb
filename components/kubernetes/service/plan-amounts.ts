const UNITS: [unit: string, bytes: number][] = [
  ["Ti", 2 ** 40],
  ["Gi", 2 ** 30],
  ["Mi", 2 ** 20],
  ["Ki", 2 ** 10],
];

/** An amount of bytes as Kubernetes itself writes it, so that what it stores is what was sent: "256Mi". */
export function bytesQuantity(bytes: number): string {
  const [unit, size] = UNITS.find(([, each]) => bytes >= each && bytes % each === 0) ?? ["", 1];
  return `${bytes / size}${unit}`;
}

/** CPU cores as Kubernetes itself writes them, in whole thousandths: "500m", "2". */
export function cpuQuantity(cores: number): string {
  const thousandths = Math.max(1, Math.ceil(Number((cores * 1000).toPrecision(12))));
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** Kubernetes counts whole seconds. */
export const wholeSeconds = (seconds: number, least = 0) => Math.max(least, Math.ceil(seconds));
