import type { GeneratedFile } from "../../pipeline/generated-file";

/** Owners whose actions are allowed as GitHub's own. */
const GITHUB = ["actions", "github"];

/**
 * Patterns of the actions that files use, but GitHub's own: everything of an owner, since an action may use another
 * one of the same owner.
 */
export function ownersOfActions(files: readonly GeneratedFile[]): string[] {
  const owners = files
    .filter(({ path }) => path.startsWith(".github/"))
    .flatMap(({ content }) => [...content.matchAll(/^\s*(?:-\s+)?uses:\s*["']?([\w-]+)\/[\w./-]+@/gm)])
    .map(([, owner = ""]) => owner)
    .filter((owner) => !GITHUB.includes(owner));
  return [...new Set(owners)].sort().map((owner) => `${owner}/*`);
}
