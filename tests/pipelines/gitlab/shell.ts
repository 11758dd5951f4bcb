import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CiJob } from "../../../components/gitlab/ci-file";
import { exec } from "../../../toolchain/exec";

/** A job's script as one file for bash, as GitLab's runner puts it together. */
export const scriptOf = (parts: readonly string[]): string => `set -eo pipefail\n${parts.join("\n")}\n`;

let jobs = 0;

/**
 * Runs what a job does, without what it sets up, with programs that stand in for those of the image.
 * Each program is a script for bash by its name; `log` is where they write what they were asked.
 */
export async function runJob(
  job: CiJob,
  programs: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>>,
) {
  const directory = await mkdtemp(join(tmpdir(), "headgate-job-"));
  const bin = join(directory, "bin");
  await mkdir(bin);
  for (const [name, body] of Object.entries(programs))
    await writeFile(join(bin, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  const project = join(directory, "project");
  await mkdir(project);
  jobs += 1;
  const env = {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    LOG: join(directory, "log"),
    CI_JOB_ID: `test-${process.pid}-${jobs}`,
    CI_PROJECT_DIR: project,
    ...variables,
  };
  const options = { cwd: project, env, timeout: 60_000 };
  const [makeFolder = ""] = job.before_script ?? [];
  const result = await exec("bash", ["-c", scriptOf([makeFolder, ...job.script])], options);
  const status = { CI_JOB_STATUS: result.code === 0 ? "success" : "failed" };
  const after = await exec("bash", ["-c", scriptOf(job.after_script ?? [])], {
    ...options,
    env: { ...env, ...status },
  });
  return { ...result, after, directory, project, log: env.LOG };
}
