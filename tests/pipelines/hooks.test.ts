import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hookFiles } from "../../components/pipeline/hooks";
import type { PlannedHooks } from "../../components/pipeline/plan";
import { type ExecResult, exec, mustExec } from "../../toolchain/exec";
import { ensurePreCommit, type PreCommit } from "../../toolchain/hooks";
import { cacheLayout, checkout } from "../../toolchain/paths";
import { repositoryWith } from "./gitlab/parser";

let preCommit: PreCommit;
const made: string[] = [];

beforeAll(async () => {
  preCommit = await ensurePreCommit(checkout, cacheLayout(checkout), () => {});
});
afterAll(async () => {
  await Promise.all(made.map((directory) => rm(directory, { recursive: true, force: true })));
});

interface Clone {
  directory: string;
  /** Writes a file, and commits it. */
  commit(file: string, content: string): Promise<ExecResult>;
  push(): Promise<ExecResult>;
}

/** A repository with its hooks installed and a place to push to. */
async function clone(hooks: PlannedHooks): Promise<Clone> {
  const directory = await repositoryWith(hookFiles(hooks), "headgate-hooks-");
  const origin = await mkdtemp(join(tmpdir(), "headgate-origin-"));
  made.push(directory, origin);
  await mustExec("git", ["init", "--quiet", "--bare", origin]);
  const cache = join(origin, "cache");
  const env = hooks.runner === "lefthook" ? lefthookEnv : { ...preCommit.env, PRE_COMMIT_HOME: cache };
  const options = { cwd: directory, env: { ...env, CI: "", NO_COLOR: "1" } };
  await mustExec("git", ["remote", "set-url", "origin", origin], options);
  const [program = "", ...args] = hooks.runner === "lefthook" ? [lefthook] : preCommit.command;
  await mustExec(program, [...args, "install"], options);
  return {
    directory,
    async commit(file, content) {
      await writeFile(join(directory, file), content);
      await mustExec("git", ["add", "--", file], options);
      return exec("git", ["commit", "--quiet", "--message", `Change ${file}`], options);
    },
    push: () => exec("git", ["push", "--quiet", "origin", "HEAD:refs/heads/main"], options),
  };
}

const lefthook = join(checkout, "node_modules", ".bin", "lefthook");
const lefthookEnv = { PATH: `${join(checkout, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}` };
const sees = (runner: PlannedHooks["runner"], more: Partial<PlannedHooks>) =>
  clone({ runner, preCommit: [], prePush: [], ...more });

describe.each(["lefthook", "pre-commit"] as const)("%s", (runner) => {
  test("refuses a bad commit, and takes a good one", async () => {
    const repository = await sees(runner, {
      preCommit: [{ name: "no-todo", run: "if git grep --cached -q TODO -- '*.txt'; then exit 1; fi" }],
    });
    const bad = await repository.commit("notes.txt", "TODO\n");
    expect(bad.code, bad.stderr).not.toBe(0);
    expect(`${bad.stdout}${bad.stderr}`).toContain("no-todo");
    const good = await repository.commit("notes.txt", "done\n");
    expect(good.code, `${good.stdout}${good.stderr}`).toBe(0);
  });

  test("runs what belongs to a push on pushes alone", async () => {
    const repository = await sees(runner, {
      prePush: [{ name: "tests", run: "touch pushed && test ! -e broken.txt" }],
    });
    const first = await repository.commit("broken.txt", "yes\n");
    expect(first.code, first.stderr).toBe(0);
    expect(existsSync(join(repository.directory, "pushed"))).toBe(false);
    const refused = await repository.push();
    expect(refused.code, refused.stderr).not.toBe(0);
    expect(existsSync(join(repository.directory, "pushed"))).toBe(true);
    await mustExec("git", ["rm", "--quiet", "broken.txt"], { cwd: repository.directory });
    const second = await repository.commit("fixed.txt", "yes\n");
    expect(second.code, second.stderr).toBe(0);
    const pushed = await repository.push();
    expect(pushed.code, `${pushed.stdout}${pushed.stderr}`).toBe(0);
  });

  test("runs a command only for the files that it is about", async () => {
    const repository = await sees(runner, { preCommit: [{ name: "code", run: "exit 1", files: "*.{ts,js}" }] });
    const text = await repository.commit("notes.txt", "text\n");
    expect(text.code, `${text.stdout}${text.stderr}`).toBe(0);
    const code = await repository.commit("main.ts", "export {};\n");
    expect(code.code).not.toBe(0);
  });

  test("finds files in folders by a glob with and without a slash", async () => {
    const globs = ["*.ts", "src/**/*.ts", "src/*.ts", "{src,lib}/main.{ts,js}"];
    const hook = (files: string, index: number) => ({ name: `code-${index}`, run: `echo "${files}" >> seen`, files });
    const repository = await sees(runner, { preCommit: [...globs, "*/deep/*.ts", "main.ts/*"].map(hook) });
    await mkdir(join(repository.directory, "src"));
    const code = await repository.commit("src/main.ts", "export {};\n");
    expect(code.code, `${code.stdout}${code.stderr}`).toBe(0);
    const seen = await readFile(join(repository.directory, "seen"), "utf8");
    expect(seen.trim().split("\n").sort()).toEqual([...globs].sort());
  });

  test.each([
    "printf '%s' \"a'b\" > seen",
    "printf %s \"$(printf '\\044HOME')\" > seen",
    "printf %s 'it''s: {a} # no remark' > seen",
    "printf '%s\\n' one \\\n  two > seen # {a} %{x} $[[ inputs.a ]] `true`",
    'yes=\'a: b\'\nprintf "%s" "$yes" > seen',
  ])("gives a command to the shell as it was written: %j", async (run) => {
    const plain = await mkdtemp(join(tmpdir(), "headgate-plain-"));
    made.push(plain);
    await mustExec("bash", ["-c", run], { cwd: plain });
    const wanted = await mustExec("cat", ["seen"], { cwd: plain });
    const repository = await sees(runner, { preCommit: [{ name: "seen", run }] });
    const result = await repository.commit("notes.txt", "text\n");
    expect(result.code, `${result.stdout}${result.stderr}`).toBe(0);
    const seen = await mustExec("cat", ["seen"], { cwd: repository.directory });
    expect(seen.stdout).toBe(wanted.stdout);
  });
});
