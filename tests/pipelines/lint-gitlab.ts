import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import { exec, mustExec } from "../../toolchain/exec";
import { checkout } from "../../toolchain/paths";

const PROGRAM = join(checkout, "node_modules", "gitlab-ci-local", "dist", "index.js");

/** There is no commit and no remote. */
const ABOUT_GIT = [
  ...["Using fallback git ", "Unable to retrieve default remote branch", "  Command failed ", "fatal: "],
  ...["Use '--' to separate paths", "'git <command>", "HEAD"],
];

/**
 * What gitlab-ci-local objects to in `.gitlab-ci.yml` and the files it includes: GitLab's own schema, and a parser
 * that follows needs, extends and local includes. Half a second each. Nothing when it accepts them.
 */
export async function lintGitLab(files: readonly GeneratedFile[]): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "headgate-gitlab-"));
  try {
    for (const { path, content } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    // It asks git which files there are.
    await mustExec("git", ["init", "--quiet"], { cwd: folder });
    await mustExec("git", ["add", "--all"], { cwd: folder });
    const args = [PROGRAM, "--home", folder, "--preview"];
    const { code, stdout, stderr } = await exec(process.execPath, args, {
      cwd: folder,
      env: { NO_COLOR: "1", FORCE_COLOR: "0" },
    });
    if (code === 0) return undefined;
    const lines = `${stderr}\n${stdout}`.replace(/For further troubleshooting[\s\S]*/, "").split("\n");
    const said = lines
      .filter((line) => line.trim() !== "" && !ABOUT_GIT.some((start) => line.startsWith(start)))
      .join("\n");
    return said === "" ? `gitlab-ci-local ended with ${code}` : said;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
