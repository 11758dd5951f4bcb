import { stringify } from "yaml";
import { type GeneratedFile, madeByHeadgate } from "./generated-file";
import type { PlannedHook, PlannedHooks } from "./plan";
import { quoted } from "./tests";
import { toolVersion } from "./tools/tool-versions";

/** The settings of what runs git hooks. */
export function hookFiles(hooks: PlannedHooks): GeneratedFile[] {
  const content = hooks.runner === "lefthook" ? lefthook(hooks) : preCommit(hooks);
  const path = hooks.runner === "lefthook" ? "lefthook.yml" : ".pre-commit-config.yaml";
  return [{ path, content: `# ${madeByHeadgate}\n${stringify(content, { lineWidth: 0 })}` }];
}

function lefthook({ preCommit: before, prePush }: PlannedHooks): object {
  const commands = (hooks: readonly PlannedHook[]) => ({
    parallel: true,
    commands: Object.fromEntries(
      hooks.map(({ name, run, files }) => [name, { ...(files !== undefined && { glob: inAnyFolder(files) }), run }]),
    ),
  });
  return {
    min_version: toolVersion("lefthook"),
    // Its own way to read globs lets a star stand for slashes too, and wants a folder for every two of them.
    glob_matcher: "doublestar",
    ...(before.length > 0 && { "pre-commit": commands(before) }),
    ...(prePush.length > 0 && { "pre-push": commands(prePush) }),
  };
}

function preCommit({ preCommit: before, prePush }: PlannedHooks): object {
  const list = (hooks: readonly PlannedHook[], stage: string) =>
    hooks.map(({ name, run, files }) => ({
      id: name,
      name,
      entry: `bash -c ${quoted(run)}`,
      language: "system",
      stages: [stage],
      pass_filenames: false,
      ...(files !== undefined ? { files: expressionOf(files) } : { always_run: true }),
    }));
  return {
    minimum_pre_commit_version: toolVersion("pre-commit"),
    default_install_hook_types: ["pre-commit", "pre-push"],
    repos: [{ repo: "local", hooks: [...list(before, "pre-commit"), ...list(prePush, "pre-push")] }],
  };
}

/** A glob without a slash is about names in any folder. */
const inAnyFolder = (glob: string): string => (glob.includes("/") ? glob : `**/${glob}`);

/** A glob as the regular expression that pre-commit asks for. Without a slash it is about names in any folder. */
export function expressionOf(glob: string): string {
  const choices = (text: string): string =>
    text.replace(/\{([^{}]*)\}|\*\*\/|\*\*|\*|\?|[.+^$()|[\]\\]/g, (found, list: string | undefined) => {
      if (list !== undefined) return `(${list.split(",").map(choices).join("|")})`;
      const known: Record<string, string> = { "**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };
      return known[found] ?? `\\${found}`;
    });
  return `${glob.includes("/") ? "^" : "(^|/)"}${choices(glob)}$`;
}
