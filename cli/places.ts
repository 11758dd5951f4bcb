import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";

/** Where something stands in a file, both counted from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Keys of a path as joinPath writes it. A key that was shortened ends with "…". */
export function keysOfPath(path: string): (string | number)[] {
  const parts = /\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;
  return Array.from(path.matchAll(parts), ([, name, index, quoted]) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? (name ?? "") : String(JSON.parse(quoted));
  });
}

/** Place of the setting with these keys, or of what is nearest around it: a missing setting has no place of its own. */
export function placeOf(document: Document, lines: LineCounter, keys: readonly (string | number)[]): Place {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of keys) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isKey(item.key, String(key)));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)];
      if (item === undefined) break;
      offset = startOf(item) ?? offset;
      node = item;
    } else break;
  }
  const { line, col } = lines.linePos(offset ?? 0);
  return { line, column: col };
}

function startOf(node: unknown): number | undefined {
  const range: Node["range"] | undefined =
    isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return range?.[0];
}

function isKey(key: unknown, wanted: string): boolean {
  if (!isScalar(key)) return false;
  const written = String(key.value);
  return wanted.endsWith("…") ? written.startsWith(wanted.slice(0, -1)) : written === wanted;
}
