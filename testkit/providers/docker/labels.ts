import { object, set, text } from "../shared/shape";

/** Labels as the package writes them: a set of pairs. */
export const labels = set(object({ label: text, value: text }, ["label", "value"]));

export function toLabels(pairs: readonly { label: string; value: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((pairs ?? []).map(({ label, value }) => [label, value]));
}

export function fromLabels(map: Record<string, string> | null | undefined): { label: string; value: string }[] {
  return Object.entries(map ?? {})
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}
