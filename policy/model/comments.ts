import { type Document, isMap, isScalar, isSeq, type Node, Scalar } from "yaml";
import { joinPath } from "../core/cursor";
import type { Comment } from "../core/resource";

/** Comments of a YAML document by the path of what they stand at, which plain data does not have. */
export function commentsOf(document: Document, text: string): ReadonlyMap<string, Comment> {
  const found = new Map<string, Comment>();
  // Most files that nobody explains have none at all.
  if (text.includes("#")) collect(document.contents, "", text, found);
  return found;
}

function collect(node: unknown, path: string, text: string, found: Map<string, Comment>): void {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const at = joinPath(path, index);
      note(at, startOf(item), endOf(item), text, found);
      collect(item, at, text, found);
    }
  }
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const at = joinPath(path, String(key.value));
    note(at, startOf(key), endOf(value) ?? key.range?.[1], text, found);
    collect(value, at, text, found);
  }
}

function note(
  path: string,
  start: number | undefined,
  end: number | undefined,
  text: string,
  found: Map<string, Comment>,
): void {
  if (start === undefined || end === undefined) return;
  const comment = { behind: behind(text, end), above: above(text, start) };
  if (comment.behind !== "" || comment.above !== "") found.set(path, comment);
}

const startOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[0];

/** Where a value ends that stands in one line; undefined for blocks, which have several. */
function endOf(node: unknown): number | undefined {
  if (isMap(node) || isSeq(node)) return node.flow === true ? node.range?.[1] : undefined;
  if (!isScalar(node)) return undefined;
  return node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED ? undefined : node.range?.[1];
}

/** The comment in the rest of the line, after what may close around the value. */
function behind(text: string, end: number): string {
  return /^[\s:,\]}]*?\s#(.*)$/.exec(text.slice(end, lineEnd(text, end)).trimEnd())?.[1]?.trim() ?? "";
}

/** Lines above that are nothing but comments, up to the first that is not. */
function above(text: string, start: number): string {
  const lines: string[] = [];
  let end = text.lastIndexOf("\n", start - 1);
  while (end > 0) {
    const begin = text.lastIndexOf("\n", end - 1) + 1;
    const comment = /^\s*#(.*)$/.exec(text.slice(begin, end).trimEnd())?.[1];
    if (comment === undefined) break;
    lines.unshift(comment.trim());
    end = begin - 1;
  }
  return lines.join(" ").trim();
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
