import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { githubFiles } from "../../components/github/github-files";
import { parsed, stepsOf } from "../../components/github/testing/parsed";
import type { Delivery } from "../../components/model/delivery";
import type { PipelinePlan } from "../../components/pipeline/plan";
import { planOf, plans, shop } from "../../components/pipeline/testing/plans";
import { exec } from "../../toolchain/exec";
import { Bench } from "./run/bash";

const bench = new Bench();
afterAll(() => bench[Symbol.dispose]());

/** Commands that are the user's own: they are passed on as they are. */
const ownCommands = ({ jobs, environments }: PipelinePlan): Set<string> =>
  new Set([
    ...jobs.flatMap((job) => (job.kind === "commands" ? job.commands.map(({ run }) => run) : [])),
    ...jobs.flatMap((job) => (job.kind === "test" || job.kind === "dispatched" ? [job.command] : [])),
    ...environments.flatMap(({ smoke }) => (smoke === undefined ? [] : [smoke.command])),
  ]);

/** A shop whose environment is reached by the secrets that name the way. */
function byMachine(): Delivery {
  const { environments = {}, ...rest } = shop();
  const secrets = ["KUBECONFIG", "SSH_PRIVATE_KEY", "SSH_KNOWN_HOSTS"];
  return { ...rest, environments: { ...environments, staging: { ...environments["staging"], secrets } } };
}

/** Every script of many pipelines, once, by a name that says where it stands. */
function scripts(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { plan } of [...fc.sample(plans, { numRuns: 300, seed: 8 }), planOf(byMachine())]) {
    const own = ownCommands(plan);
    for (const { file, job, step } of stepsOf(parsed(githubFiles(plan)))) {
      const { run } = step;
      if (run === undefined || own.has(run) || own.has(run.trimEnd()) || found.has(run)) continue;
      found.set(run, `${file.split("/").pop()} ${job}: ${step.name}`);
    }
  }
  return found;
}

test("no script of a pipeline is wrong by bash, and shellcheck warns of none", async () => {
  const found = [...scripts()];
  const kinds = new Set(found.map(([, where]) => where.replace(/^.*: /, "").replace(/ (of|the container) .*/, "")));
  expect(found.length).toBeGreaterThan(100);
  // Each kind of script is among them.
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining([
      ...["Ask whether it is well", "Bring back what ran before", "Check the coverage", "Check the signatures"],
      ...["Comment", "Compare the figures", "Deploy", "Fetch the earlier figures", "Find them", "Give them their tags"],
      ...["Look at every result", "Look at the images", "Open an issue", "Publish one image for all platforms"],
      ...["Remember what runs", "Remove old images", "Say what was done", "See what happened", "Start the deployment"],
      ...["Prepare the way to the machine", "See which version this commit is", "Note the digest", "Mark what runs"],
    ]),
  );
  const files = found.map(([script], index) => bench.write(`${index}.sh`, script));
  const whereOf = (text: string) => text.replaceAll(/\S*\/(\d+)\.sh/g, (_, index) => `[${found[Number(index)]?.[1]}]`);
  for (const file of files) {
    const { code, stderr } = await exec("bash", ["-n", file]);
    expect({ code, stderr: whereOf(stderr) }).toEqual({ code: 0, stderr: "" });
  }
  const judged = await exec("shellcheck", ["--shell=bash", "--severity=warning", "--format=gcc", ...files]);
  expect(whereOf(judged.stdout + judged.stderr)).toBe("");
  expect(judged.code).toBe(0);
});

test("shellcheck is there and finds what it should", async () => {
  const bad = bench.write("bad.sh", 'cd "$1"\nrm -rf $x/*\necho "$y" | read z\n');
  const { code, stdout } = await exec("shellcheck", ["--shell=bash", "--severity=warning", "--format=gcc", bad]);
  expect(code).toBe(1);
  expect(stdout).toContain("SC2164");
});
