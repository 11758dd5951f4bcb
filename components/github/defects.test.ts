// What went wrong in pipelines that people wrote by hand, as far as a generator could do it too: one test each, over
// many plans. The numbers are those of the design's list of defects.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Delivery } from "../model/delivery";
import { formatProblem } from "../model/problem";
import { checkDelivery } from "../model/validate";
import type { PipelinePlan } from "../pipeline/plan";
import { planOf, plans, shop } from "../pipeline/testing/plans";
import { githubFiles } from "./github-files";
import { type ParsedJob, type ParsedWorkflow, parsed, stepsOf, workflowsOf } from "./testing/parsed";

type Workflows = Record<string, ParsedWorkflow>;

/** Plans of every kind, planned and read once for all tests. */
const samples = fc
  .sample(plans, { numRuns: 150, seed: 20261122 })
  .map(({ plan }) => ({ plan, workflows: parsed(githubFiles(plan)) }));

/** Holds for every one of them. */
function always(check: (workflows: Workflows, plan: PipelinePlan) => void): void {
  for (const { workflows, plan } of samples) check(workflows, plan);
}

const scriptsOf = (workflows: Workflows): string[] => stepsOf(workflows).flatMap(({ step }) => step.run ?? []);
const jobsOf = (workflows: Workflows): [string, string, ParsedJob][] =>
  Object.entries(workflows).flatMap(([file, { jobs }]) =>
    Object.entries(jobs).map(([id, job]): [string, string, ParsedJob] => [file, id, job]),
  );

describe("1: an environment that waits for one which never runs", () => {
  test("is refused when no branch reaches both", () => {
    const delivery = shop();
    Object.assign(delivery.environments?.["staging"] ?? {}, { branches: ["develop"] });
    expect(planOf(delivery).problems.map(formatProblem).join()).toContain("environments.production is never reached");
  });

  test("and in every plan the branches of a condition are among those that start the run", () => {
    always((workflows) => {
      const deliver = workflows["deliver.yml"];
      const push = deliver?.on["push"] as { branches?: string[] } | undefined;
      for (const { if: condition = "" } of Object.values(deliver?.jobs ?? {})) {
        for (const [, branch = ""] of condition.matchAll(/github\.ref == 'refs\/heads\/([^']*)'/g)) {
          expect(push?.branches).toContain(branch);
        }
      }
    });
  });
});

test("2: nothing is deployed before its image is built and the checks have passed", () => {
  always((workflows, plan) => {
    for (const [id, job] of Object.entries(workflows["deliver.yml"]?.jobs ?? {})) {
      const environment = plan.environments.find(({ name }) => id === `deploy-${name}` || id === `ask-${name}`);
      if (environment === undefined) continue;
      expect(job.needs).toEqual(
        expect.arrayContaining(["checks", ...environment.images.map((name) => `build-${name}`)]),
      );
    }
  });
});

test("3: what runs for a pull request publishes nothing, and its token writes no package", () => {
  always((workflows) => {
    for (const { on, jobs } of Object.values(workflows)) {
      if (!("pull_request" in on)) continue;
      for (const job of Object.values(jobs)) {
        expect(job.permissions["packages"]).not.toBe("write");
        for (const { with: inputs = {}, run = "" } of job.steps ?? []) {
          expect(inputs["push"] ?? false).toBe(false);
          expect(String(inputs["outputs"] ?? "")).not.toContain("push=true");
          expect(run).not.toMatch(/docker push|imagetools create/);
        }
      }
    }
  });
});

test("4: a deployment takes images by their digest, from the run's own builds, and refuses a tag", () => {
  always((workflows) => {
    for (const [file, , job] of jobsOf(workflows)) {
      if (job.uses?.includes("/deploy-") !== true) continue;
      const images = String(job.with?.["images"]);
      const references = images.replace(/\$\{\{ needs\['build-[\w-]+'\]\.outputs\.image \}\}/g, "IMAGE");
      if (file === "deliver.yml") expect(references).toMatch(/^\{("[\w-]+":"IMAGE",?)*\}$/);
      else expect(images).toBe("${{ needs.find-images.outputs.images }}");
    }
    for (const [file, workflow] of Object.entries(workflows)) {
      if (!file.startsWith("deploy-")) continue;
      expect(workflow.jobs["deploy"]?.steps?.[0]?.run).toContain("@sha256:[0-9a-f]{64}\\\\z");
    }
    expect(scriptsOf(workflows).join("\n")).not.toMatch(/:latest\b/);
  });
});

test("5: what a later step needs is not left in a shell that ends, and no secret lies in a shared folder", () => {
  always((workflows) => {
    for (const script of scriptsOf(workflows)) {
      // Commands of the user are what they are.
      if (!script.startsWith("set -euo")) continue;
      expect(script).not.toMatch(/^\s*export /m);
      expect(script).not.toMatch(/(>|>>)\s*"?\/tmp\//);
    }
  });
  const delivery = shop();
  Object.assign(delivery.environments?.["production"] ?? {}, { secrets: ["KUBECONFIG"] });
  const step = workflowsOf(delivery)["deploy-production.yml"]?.jobs["deploy"]?.steps?.find(
    ({ env }) => env?.["KUBECONFIG_CONTENT"],
  );
  expect(step?.run).toContain("umask 077");
  expect(step?.run).toContain('>> "$GITHUB_ENV"');
});

test("6: no step relies on a profile of the shell, and nothing is fetched and run without a version", () => {
  always((workflows) => {
    for (const script of scriptsOf(workflows)) {
      expect(script).not.toMatch(/\.bashrc|\.profile/);
      expect(script).not.toMatch(/curl[^\n|]*\|\s*(ba)?sh/);
      for (const [, name = ""] of script.matchAll(/npx --yes (\S+)/g)) expect(name).toMatch(/@\d+\.\d+\.\d+$/);
      for (const [, name = ""] of script.matchAll(/(?:pip install --quiet|pipx install) (\S+)/g)) {
        expect(name).toMatch(/==\d+\.\d+(\.\d+)?$/);
      }
      for (const [, name = ""] of script.matchAll(/go run (\S+)/g)) expect(name).toMatch(/@v\d+\.\d+\.\d+$/);
    }
  });
});

test("7: a job that runs a tool of a language has set that language up", () => {
  always((workflows, plan) => {
    const manager = plan.toolchain.python?.manager;
    for (const { steps = [] } of Object.values(workflows).flatMap(({ jobs }) => Object.values(jobs))) {
      for (const [index, { run = "" }] of steps.entries()) {
        const before = steps.slice(0, index).map(({ uses = "" }) => uses.split("@")[0]);
        if (/^uv (sync|run)/.test(run)) expect(before).toContain("astral-sh/setup-uv");
        if (/^npm ci|^npx --no-install|^pnpm install|^yarn install/.test(run))
          expect(before).toContain("actions/setup-node");
        if (/^pnpm install/.test(run)) expect(before).toContain("pnpm/action-setup");
        if (manager === "pip" && run.startsWith("python -m venv")) expect(before).toContain("actions/setup-python");
      }
    }
  });
});

test("8 and 9: CodeQL is prepared before it analyses, and whoever publishes findings may", () => {
  always((workflows) => {
    for (const [, , { steps = [], permissions }] of jobsOf(workflows)) {
      const uses = steps.map((step) => step.uses?.split("@")[0] ?? "");
      const analyse = uses.indexOf("github/codeql-action/analyze");
      if (analyse >= 0) expect(uses.slice(0, analyse)).toContain("github/codeql-action/init");
      if (uses.some((name) => /codeql-action\/(analyze|upload-sarif)$/.test(name))) {
        expect(permissions).toMatchObject({ "security-events": "write" });
      }
    }
  });
});

test("9: a workflow that calls another grants what the other's jobs ask for", () => {
  always((workflows) => {
    const rank = { read: 1, write: 2 } as Record<string, number>;
    for (const [, , job] of jobsOf(workflows)) {
      const called = job.uses === undefined ? undefined : workflows[job.uses.replace("./.github/workflows/", "")];
      for (const inner of Object.values(called?.jobs ?? {})) {
        for (const [scope, access] of Object.entries(inner.permissions)) {
          expect(rank[job.permissions[scope] ?? ""] ?? 0, `${job.name}: ${scope}`).toBeGreaterThanOrEqual(
            rank[access] ?? 0,
          );
        }
      }
    }
  });
});

test("10: people are told what other jobs came to, not what the one that tells did", () => {
  always((workflows, plan) => {
    const notify = workflows["deliver.yml"]?.jobs["notify"];
    expect(notify === undefined).toBe(plan.messages.length === 0 || workflows["deliver.yml"] === undefined);
    if (notify === undefined) return;
    expect(JSON.stringify(notify)).not.toContain("job.status");
    const others = Object.keys(workflows["deliver.yml"]?.jobs ?? {}).filter(
      (id) => !/^(notify|keep-figures|announce-.*)$/.test(id),
    );
    expect(notify.needs).toEqual(expect.arrayContaining(others));
    expect(notify.if).toBe("always()");
    expect(JSON.stringify(notify.steps)).toContain("toJSON(needs)");
  });
});

test("11: deployments are recorded by their environment alone, once", () => {
  always((workflows) => {
    expect(scriptsOf(workflows).join("\n")).not.toMatch(/\/deployments/);
    for (const [file, id, job] of jobsOf(workflows)) {
      const recorded = job.environment !== undefined && !("deployment" in job.environment);
      expect(recorded).toBe(file.startsWith("deploy-") && id === "deploy");
    }
  });
});

test("12: no action is used that was shut down or archived: each is one of the pins", () => {
  always((workflows) => {
    const uses = stepsOf(workflows).flatMap(({ step }) => step.uses ?? []);
    for (const name of uses) expect(name).not.toMatch(/upload-artifact@v[1-3]|8398a7|actions\/create-release/);
    expect(uses.every((name) => /@[0-9a-f]{40}$/.test(name))).toBe(true);
  });
});

test("13: figures are compared with earlier ones wherever they are measured", () => {
  always((workflows, plan) => {
    for (const job of plan.jobs) {
      if (job.kind !== "test" || job.comparison === undefined) continue;
      const file = job.phase === "change" ? "ci.yml" : "deliver.yml";
      const steps = workflows[file]?.jobs[job.id]?.steps?.map(({ name }) => name) ?? [];
      const [fetched, compared] = [steps.indexOf("Fetch the earlier figures"), steps.indexOf("Compare the figures")];
      expect(fetched).toBeGreaterThanOrEqual(0);
      expect(compared).toBeGreaterThan(fetched);
    }
  });
});

test("14: no step changes what serves traffic by itself: every change goes through the release of the stack", () => {
  always((workflows) => {
    expect(scriptsOf(workflows).join("\n")).not.toMatch(/kubectl|aws ecs|gcloud run|az containerapp/);
  });
});

test("15: no script of the pipeline swallows a failure", () => {
  always((workflows) => {
    for (const { step } of stepsOf(workflows)) {
      expect(step).not.toHaveProperty("continue-on-error");
      if (step.run?.startsWith("set -euo pipefail") !== true) continue;
      // A script may ask whether something is there; it may not say that what failed is well.
      expect(step.run).not.toMatch(/\|\| (echo|exit 0|:)/);
    }
  });
});

test("16: no script holds an expression: what somebody may write reaches it as a variable", () => {
  always((workflows) => {
    for (const { step } of stepsOf(workflows)) expect(step.run ?? "").not.toMatch(/\$\{\{(?! '\$\{\{' \}\})/);
  });
});

test("17: no job gets the socket of the machine's Docker, and no secret stands in a file", () => {
  always((workflows) => {
    const text = JSON.stringify(workflows);
    expect(text).not.toContain("docker.sock");
    for (const { step } of stepsOf(workflows)) {
      for (const [name, value] of Object.entries(step.env ?? {})) {
        if (/PASSWORD|TOKEN|_KEY$/.test(name)) expect(String(value)).toMatch(/^\$\{\{ .* \}\}$/);
      }
    }
  });
});

test("18: Google's images go to Artifact Registry: the registry that was shut down cannot be named", () => {
  const delivery: Delivery = shop();
  Object.assign(delivery.pipeline ?? {}, { registry: { kind: "gcr" } });
  expect(checkDelivery(delivery).map(({ path }) => path)).toEqual(["delivery.pipeline.registry.kind"]);
});

test("19: production starts by a push that was checked, by somebody with the right to start workflows, or by who was asked", () => {
  always((workflows, plan) => {
    for (const { name } of plan.environments) {
      expect(Object.keys(workflows[`deploy-${name}.yml`]?.on ?? {})).toEqual(["workflow_dispatch", "workflow_call"]);
    }
    for (const [file, { on, jobs }] of Object.entries(workflows)) {
      expect(Object.keys(on)).not.toEqual(expect.arrayContaining(["pull_request_target"]));
      expect(Object.keys(on)).not.toEqual(expect.arrayContaining(["repository_dispatch"]));
      if (!("issue_comment" in on)) continue;
      for (const job of Object.values(jobs)) {
        expect(job.if, file).toContain("contains(fromJSON(");
        expect(job.if, file).toContain("github.event.comment.user.login");
      }
    }
  });
});

test("20: whether a service is well is asked so many times in a row, not read from counters", () => {
  const steps = workflowsOf(shop())["deploy-production.yml"]?.jobs["deploy"]?.steps ?? [];
  const verify = steps.find(({ id }) => id === "verify");
  expect(verify?.env).toMatchObject({ CONSECUTIVE: "5", INTERVAL: "30", TIMEOUT: "600" });
  expect(verify?.run).toContain("good=0");
});
