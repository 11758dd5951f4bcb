import { join } from "node:path";
import { ensurePrograms } from "./kubernetes/build";
import type { GoRecipe } from "./kubernetes/recipes";
import type { CacheLayout } from "./paths";
import type { Log } from "./report";

export const actRecipe: GoRecipe = {
  folder: "act",
  module: "github.com/nektos/act",
  programs: { act: "github.com/nektos/act" },
  // It reads its version out of a file of its own.
  stamps: [],
  buildSeconds: 60,
  instead: "run only the tests that execute no workflow: vitest run --project fast",
};

/** The path of act, which runs workflows of GitHub on this machine. */
export async function ensureAct(root: string, cache: CacheLayout, log: Log): Promise<string> {
  const { bin } = await ensurePrograms(root, cache, log, actRecipe);
  return join(bin, "act");
}
