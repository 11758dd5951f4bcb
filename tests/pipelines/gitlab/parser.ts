import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "../../../components/pipeline/generated-file";
import { exec, mustExec } from "../../../toolchain/exec";
import { checkout } from "../../../toolchain/paths";

export const gitlabCiLocal = join(checkout, "node_modules", ".bin", "gitlab-ci-local");

/** A repository of git with these files, as gitlab-ci-local wants one. */
export async function repositoryWith(files: readonly GeneratedFile[], prefix: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  for (const { path, content, executable = false } of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content, { mode: executable ? 0o755 : 0o644 });
  }
  const git = async (...args: string[]) => mustExec("git", args, { cwd: directory });
  await git("init", "--quiet", "--initial-branch", "main");
  await git("config", "user.name", "Somebody");
  await git("config", "user.email", "somebody@example.com");
  await git("remote", "add", "origin", "git@gitlab.com:acme/shop.git");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "Begin");
  await git("update-ref", "refs/remotes/origin/main", "HEAD");
  await git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
  return directory;
}

/** What gitlab-ci-local says against files of GitLab, with their JSON schema; nothing when it takes them. */
export async function refused(files: readonly GeneratedFile[]): Promise<string | undefined> {
  const directory = await repositoryWith(files, "headgate-gitlab-");
  try {
    const { code, stdout, stderr } = await exec(gitlabCiLocal, ["--list-json"], {
      cwd: directory,
      env: { NO_COLOR: "1" },
    });
    const said = `${stdout}${stderr}`;
    // It goes on where GitLab would not.
    if (
      code !== 0 ||
      !/json schema validated/.test(said) ||
      /reserved keyword|is not supported|[Ii]nvalid/.test(stderr)
    )
      return said;
    return undefined;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
