import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { checkov, cwe, scorecard, zizmor } from "../../core/standard";
import { givenBy } from "../../model/expression";
import { isForeign, scriptsOf } from "../../model/script";
import { startsOn, uses, type Workflow, workflow } from "../../model/workflow";

/** Events whose runs have secrets and a token that writes, whoever caused them. */
const PRIVILEGED = ["pull_request_target", "workflow_run"];
const HEAD =
  /^github\.(head_ref|event\.(number|pull_request\.(number|head\.|merge_commit_sha)|workflow_run\.(head_|pull_requests\.)))/;
const FETCHES_HEAD = /\bgh\s+pr\s+checkout\b|\brefs\/pull\/|\bgit\s+fetch\b.*\bpull\/.*\/(head|merge)\b/;

export const wfInjection = defineRule({
  id: "wf-injection",
  title: "Nothing that a stranger writes runs in a workflow",
  severity: "critical",
  standards: [
    ...scorecard("Dangerous-Workflow"),
    ...zizmor("template-injection", "dangerous-triggers", "insecure-commands"),
    ...checkov("CKV_GHA_1", "CKV_GHA_2"),
    ...cwe("CWE-94"),
  ],
  levels: levels("mandatory", "mandatory"),
  model: workflow,
  why: "An expression in a script is put in before the shell reads it, so that a title can be a command. Code of a fork that runs for pull_request_target has the repository's secrets.",
  remediation:
    'Pass the value by env and write "$NAME" in the script. Build a fork\'s code in a workflow for pull_request, without secrets.',
  *check(model) {
    yield* insecureCommands(model.workflow);
    for (const job of model.jobs) {
      yield* insecureCommands(job);
      for (const step of job.steps) {
        yield* insecureCommands(step);
        const environments = [step, job, model.workflow].map((part) => part.at("env"));
        for (const { at, is } of scriptsOf(step)) {
          yield step.fails("runs what a stranger wrote", at, () => isTainted(at, environments) && is());
        }
        yield* foreignCode(model, step);
      }
    }
  },
});

function* foreignCode(model: Workflow, step: Part) {
  for (const name of ["ref", "repository"]) {
    const at = step.at(`with.${name}`);
    yield step.fails(
      "fetches code of a stranger into a run with secrets",
      at,
      () =>
        givenBy(at.text() ?? "").some(({ contexts }) => contexts.some((context) => HEAD.test(context))) &&
        uses(step, ["actions/checkout"]) &&
        startsOn(model, PRIVILEGED),
    );
  }
  const run = step.at("run");
  yield step.fails(
    "fetches code of a stranger into a run with secrets",
    run,
    () => FETCHES_HEAD.test(run.text() ?? "") && startsOn(model, PRIVILEGED),
  );
}

/** Commands in what a program prints: they let a log set the environment. */
function* insecureCommands(part: Part) {
  const at = part.at("env.ACTIONS_ALLOW_UNSECURE_COMMANDS");
  yield part.fails("lets what is printed change the environment", at, () => String(at.read()) === "true");
}

/** Whether a text has an expression that gives what a stranger wrote, by itself or by way of a variable. */
function isTainted(at: Cursor, environments: readonly Cursor[]): boolean {
  const values = givenBy(at.text() ?? "");
  if (values.some(isForeign)) return true;
  const variables = values.flatMap(({ contexts }) =>
    contexts.flatMap((context) => (context.startsWith("env.") ? [context.slice("env.".length)] : [])),
  );
  if (variables.length === 0) return false;
  const entries = environments.flatMap((env) => env.entries());
  const meant = entries.filter(([name, value]) => value.unknown || variables.includes(name.toLowerCase()));
  return findOf(meant, ([, value]) => givenBy(value.text() ?? "").some(isForeign)) !== undefined;
}
