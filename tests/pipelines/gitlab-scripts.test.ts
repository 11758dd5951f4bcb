import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { CiJob } from "../../components/gitlab/ci-file";
import { gitlabFiles } from "../../components/gitlab/gitlab-files";
import { jobsOf } from "../../components/gitlab/testing/pipelines";
import { forGitlab, gitlabDeliveries, planned } from "../../components/gitlab/testing/samples";
import type { Delivery } from "../../components/model/delivery";
import { exec } from "../../toolchain/exec";
import { runJob, scriptOf } from "./gitlab/shell";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

function jobsFor(delivery: Delivery): Record<string, CiJob> {
  const plan = planned(forGitlab(delivery));
  if (plan === undefined) throw new Error("this document has no plan for GitLab");
  return jobsOf(gitlabFiles(plan));
}

test("every script of every pipeline that is written is one that its shell reads", async () => {
  const scripts = new Set<string>();
  for (const delivery of fc.sample(gitlabDeliveries, { numRuns: 60, seed: 3 })) {
    const plan = planned(delivery);
    if (plan === undefined) continue;
    for (const { before_script = [], script, after_script = [] } of Object.values(jobsOf(gitlabFiles(plan)))) {
      scripts.add(scriptOf([...before_script, ...script]));
      scripts.add(scriptOf(after_script));
    }
  }
  expect(scripts.size).toBeGreaterThan(100);
  const said: string[] = [];
  for (const script of scripts) {
    const { code, stderr } = await exec("bash", ["-n", "-c", script]);
    if (code !== 0) said.push(`${stderr}\n${script}`);
  }
  expect(said).toEqual([]);
});

const digest = `registry.gitlab.com/acme/shop/shop@sha256:${"1b".repeat(32)}`;
const older = `registry.gitlab.com/acme/shop/shop@sha256:${"2c".repeat(32)}`;

/** Pulumi that keeps what it is asked, and says what ran before. */
const pulumi = `echo "pulumi $*" >> "$LOG"
case "$*" in
  "stack history"*) echo '[{"kind":"update","result":"succeeded","config":{"headgate:delivered.shop":{"value":"${older}"}}}]' ;;
  up*) if [ -n "$UP_FAILS" ]; then exit 1; fi ;;
esac`;
const programs = {
  pulumi,
  cosign: 'echo "cosign $*" >> "$LOG"\nif [ -n "$FORGED" ]; then exit 1; fi',
  sleep: "exit 0",
};
const ci = {
  HEADGATE_IMAGE_SHOP: digest,
  CI_SERVER_URL: "https://gitlab.com",
  CI_PROJECT_URL: "https://gitlab.com/acme/shop.js",
  PULUMI_ACCESS_TOKEN: "token",
};

const shop = (smoke: string): Delivery => ({
  service: { port: 8080, health: { readiness: { path: "/" } }, image: { build: { context: "." } } },
  environments: {
    production: {
      url: "https://shop.example.com",
      verify: { path: "/ready", consecutive: 1, interval: "1s", timeout: "1s" },
    },
  },
  pipeline: { tests: { smoke: { command: smoke, onFailure: "rollback" } } },
});

describe("a deployment", () => {
  const deploy = async (smoke: string, status: string, variables: Readonly<Record<string, string>> = {}) => {
    const job = jobsFor(shop(smoke))["deploy-production"] as CiJob;
    const ran = await runJob(job, { ...programs, curl: `echo ${status}` }, { ...ci, ...variables });
    folders.push(ran.directory);
    const asked = existsSync(ran.log) ? readFileSync(ran.log, "utf8").trim().split("\n") : [];
    const told = JSON.parse(readFileSync(join(ran.project, ".headgate/deploy-production.json"), "utf8"));
    return { ...ran, asked, told: told["deploy-production"] };
  };
  const set = (image: string) => `pulumi config set --stack production headgate:delivered.shop ${image}`;

  test("takes the digest of this pipeline, once it is known who made it", async () => {
    const { code, stderr, asked, told } = await deploy('test "$BASE_URL" = https://shop.example.com', "200");
    expect(code, stderr).toBe(0);
    expect(asked[0]).toBe(
      `cosign verify ${digest} --certificate-oidc-issuer https://gitlab.com --certificate-identity-regexp ` +
        "^https://gitlab\\.com/acme/shop\\.js//\\.gitlab-ci\\.yml@refs/heads/",
    );
    expect(asked.filter((line) => line.includes("config set")).at(-1)).toBe(set(digest));
    expect(told).toEqual({ result: "success", outputs: { rolledBack: "false" } });
  });

  test("is brought back when the service is not well, and fails", async () => {
    const { code, asked, told } = await deploy("true", "500");
    expect(code).not.toBe(0);
    expect(asked.at(-2)).toBe(set(older));
    expect(asked.at(-1)).toMatch(/^pulumi up --stack production/);
    expect(told).toEqual({ result: "failure", outputs: { rolledBack: "true" } });
  });

  test.each(["exit 1", "echo 'no end", ")", "false; true"])(
    "is brought back when the smoke test %j fails",
    async (smoke) => {
      const { code, asked, told } = await deploy(smoke, "200");
      expect(code).not.toBe(0);
      expect(asked.at(-2)).toBe(set(older));
      expect(told.outputs.rolledBack).toBe("true");
    },
  );

  test("that did not come about brings nothing back", async () => {
    const { code, asked, told } = await deploy("true", "200", { UP_FAILS: "yes" });
    expect(code).not.toBe(0);
    expect(asked.filter((line) => line.startsWith("pulumi up"))).toHaveLength(1);
    expect(told).toEqual({ result: "failure", outputs: { rolledBack: "false" } });
  });

  test("of an image that somebody else made does not begin", async () => {
    const { code, asked } = await deploy("true", "200", { FORGED: "yes" });
    expect(code).not.toBe(0);
    expect(asked.some((line) => line.startsWith("pulumi"))).toBe(false);
  });

  test.each([
    '{"shop":"registry.gitlab.com/acme/shop/shop:latest"}',
    `{"other":"${digest}"}`,
    '"$(touch owned)"',
    '{"shop":"$(touch owned)"}',
  ])("that somebody starts refuses the images %j", async (IMAGES) => {
    const job = jobsFor(shop("true"))["start-deploy-production"] as CiJob;
    const ran = await runJob(job, { ...programs, curl: "echo 200" }, { ...ci, IMAGES });
    folders.push(ran.directory);
    expect(ran.code).not.toBe(0);
    expect(existsSync(ran.log) && readFileSync(ran.log, "utf8").includes("pulumi up")).toBe(false);
    expect(existsSync(join(ran.project, "owned"))).toBe(false);
  });
});

const nasty = fc.constantFrom(
  "$HOME $CI_JOB_TOKEN $\u007bPATH} $$ %PATH% %{x}",
  "$[[ inputs.a ]] $\u007b{ job.inputs.a }} $(touch owned) `touch owned`",
  "'; touch owned; '",
  '"; touch owned; "',
  "a\nb: c\n- d\n",
  ") # }; EOF",
  "\\ \\n \t \u2028 \u0085 \ud83d\ude80 \u00a0",
  "yes",
  "12:30",
  "0777",
  " !!python/object x ",
  "*a &b",
);

test("what somebody writes reaches a program as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (one, other) => {
      const jobs = jobsFor({
        service: { port: 8080, health: { readiness: { path: "/" } }, image: { reference: digest } },
        pipeline: {
          tests: {
            unit: {
              command: `printf %s ${JSON.stringify("x")} > unit\ncat > /dev/null < /dev/null # ${one.split("\n")[0]}`,
            },
          },
          dispatch: {
            work: {
              description: other.replace(/\p{Cc}/gu, " ").trim() || "x",
              command: 'printf %s "$TEXT" > text; printf %s "$PICK" > pick',
              inputs: {
                text: { default: one },
                pick: { kind: "choice", options: [other.replace(/\p{Cc}/gu, "."), "b"] },
              },
            },
          },
        },
      });
      const unit = await runJob(jobs["unit"] as CiJob, {}, {});
      const job = jobs["run-work"] as CiJob;
      // The inputs are read before the languages are set up; this document has none.
      const work = await runJob(
        { ...job, script: [...(job.before_script ?? []).slice(1), ...job.script] },
        {},
        { PICK: "b" },
      );
      folders.push(unit.directory, work.directory);
      expect(unit.code, unit.stderr).toBe(0);
      expect(work.code, work.stderr).toBe(0);
      expect(readFileSync(join(work.project, "text"), "utf8")).toBe(one);
      expect(readFileSync(join(work.project, "pick"), "utf8")).toBe("b");
      for (const { project } of [unit, work]) expect(existsSync(join(project, "owned"))).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test("values of a document reach BuildKit and Pulumi as they were written", async () => {
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (one, other) => {
      const jobs = jobsFor({
        ...shop("true"),
        service: {
          port: 8080,
          health: { readiness: { path: "/" } },
          image: { build: { context: ".", args: { ONE: one }, target: other } },
        },
        environments: { production: { variables: { ONE: one, WORK: other } } },
        pipeline: { infrastructure: {} },
      });
      const buildctl = { "buildctl-daemonless.sh": 'printf "%s\\0" "$@" > "$LOG"' };
      const built = await runJob(jobs["try-shop"] as CiJob, buildctl, {});
      const shown = `${pulumi}\nprintf %s "$ONE" > "$LOG.one"`;
      const deployed = await runJob(
        jobs["deploy-production"] as CiJob,
        { ...programs, pulumi: shown, curl: "echo 200" },
        ci,
      );
      folders.push(built.directory, deployed.directory);
      expect(built.code, built.stderr).toBe(0);
      expect(deployed.code, deployed.stderr).toBe(0);
      const options = readFileSync(built.log, "utf8").split("\0");
      expect(options).toContain(`build-arg:ONE=${one}`);
      expect(options).toContain(`target=${other}`);
      expect(readFileSync(`${deployed.log}.one`, "utf8")).toBe(one);
    }),
    { numRuns: 15 },
  );
});

test("a published image is passed on by the digest that BuildKit names", async () => {
  const job = jobsFor(shop("true"))["build-shop"] as CiJob;
  const metadata = `{\n  "containerimage.config.digest": "sha256:${"4e".repeat(32)}",\n  "containerimage.digest": "sha256:${"1b".repeat(32)}"\n}`;
  const variables = {
    CI_REGISTRY_IMAGE: "registry.gitlab.com/acme/shop",
    CI_COMMIT_SHA: "5f",
    CI_COMMIT_SHORT_SHA: "5f",
  };
  const run = (body: string) =>
    runJob(job, { "buildctl-daemonless.sh": `printf '%s\\n' "$@" > "$LOG"\n${body}` }, variables);
  const good = await run(`printf '%s' '${metadata}' > "$WORK/image.json"`);
  const silent = await run('echo "{}" > "$WORK/image.json"');
  folders.push(good.directory, silent.directory);
  expect(good.code, good.stderr).toBe(0);
  expect(readFileSync(join(good.project, "image.env"), "utf8").trim()).toBe(`HEADGATE_IMAGE_SHOP=${digest}`);
  expect(readFileSync(good.log, "utf8")).toMatch(
    /^type=image,"name=registry\.gitlab\.com\/acme\/shop\/shop:commit-5f,\S*",push=true/m,
  );
  expect(silent.code).not.toBe(0);
});

test("an input that is none of its options, or is missing, stops the job before its command", async () => {
  const inputs = { pick: { kind: "choice" as const, options: ["a", "b c"] }, text: { required: true } };
  const { "run-work": job } = jobsFor({
    service: { port: 8080, health: { readiness: { path: "/" } }, image: { reference: digest } },
    pipeline: { dispatch: { work: { command: "touch done", inputs } } },
  });
  const run = async (variables: Record<string, string>) => {
    const whole = { ...(job as CiJob), script: [...(job?.before_script ?? []).slice(1), ...(job?.script ?? [])] };
    const ran = await runJob(whole, {}, variables);
    folders.push(ran.directory);
    return existsSync(join(ran.project, "done"));
  };
  expect(await run({ PICK: "b c", TEXT: "x" })).toBe(true);
  expect(await run({ TEXT: "x" })).toBe(true);
  expect(await run({ PICK: "c", TEXT: "x" })).toBe(false);
  expect(await run({ PICK: "a|b c", TEXT: "x" })).toBe(false);
  expect(await run({ PICK: "a" })).toBe(false);
});
