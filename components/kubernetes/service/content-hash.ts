import { createHash } from "node:crypto";

/** Hash of plain data, the same for every order of keys. */
export function contentHash(value: unknown): string {
  const ordered = (_: string, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return createHash("sha256").update(JSON.stringify(value, ordered)).digest("hex");
}
