import type { Cursor } from "../core/cursor";
import type { Part } from "../core/part";
import { givenBy, type Value } from "./expression";
import { leavesOf, matrixValues } from "./matrix";
import { eventsOf, type Job, startsOn, uses, type Workflow } from "./workflow";

/** Inputs of actions that are run as code: JavaScript, a shell, a query. Source: the README of each. */
const CODE: readonly (readonly [action: string, input: string])[] = [
  ["actions/github-script", "script"],
  ["addnab/docker-run-action", "run"],
  ["amadevus/pwsh-script", "script"],
  ["appleboy/ssh-action", "script"],
  ["azure/cli", "inlineScript"],
  ["azure/powershell", "inlineScript"],
  ["jannekem/run-python-script-action", "script"],
  ["mikefarah/yq", "cmd"],
  ["sergeysova/jq-action", "cmd"],
];

/** Texts of a step that are run as code: its script, and what actions take as one. `is` reads which action it is. */
export function scriptsOf(step: Part): { at: Cursor; is: () => boolean }[] {
  const inputs = CODE.map(([action, input]) => ({ at: step.at("with").entry(input), is: () => uses(step, [action]) }));
  return [{ at: step.at("run"), is: () => true }, ...inputs.filter(({ at }) => at.unknown || isSaid(at))];
}

const isSaid = (at: Cursor): boolean => at.stated && at.present();

/** Texts that whoever opens an issue, a comment or a pull request writes. Source: GitHub, "Script injections". */
const FOREIGN = [
  "github.head_ref",
  "github.event.issue.title",
  "github.event.issue.body",
  "github.event.pull_request.title",
  "github.event.pull_request.body",
  "github.event.pull_request.head.ref",
  "github.event.pull_request.head.label",
  "github.event.pull_request.head.repo.default_branch",
  "github.event.comment.body",
  "github.event.review.body",
  "github.event.review_comment.body",
  "github.event.discussion.title",
  "github.event.discussion.body",
  "github.event.pages.*.page_name",
  "github.event.commits.*.message",
  "github.event.commits.*.author.email",
  "github.event.commits.*.author.name",
  "github.event.head_commit.message",
  "github.event.head_commit.author.email",
  "github.event.head_commit.author.name",
  "github.event.workflow_run.head_branch",
  "github.event.workflow_run.display_title",
  "github.event.workflow_run.head_commit.message",
  "github.event.workflow_run.head_commit.author.email",
  "github.event.workflow_run.head_commit.author.name",
];

/** Whether it gives what a stranger wrote. */
export const isForeign = ({ contexts, whole }: Value): boolean =>
  contexts.some((context) =>
    FOREIGN.some((foreign) => matches(context, foreign) || (whole && `${foreign}.`.startsWith(`${context}.`))),
  );

/** A `*` stands for any key, on either side. */
function matches(context: string, foreign: string): boolean {
  const [keys, wanted] = [context.split("."), foreign.split(".")];
  return (
    keys.length >= wanted.length &&
    wanted.every((key, index) => key === "*" || key === keys[index] || keys[index] === "*")
  );
}

/** Where a script stands. */
export interface Scope {
  model: Workflow;
  job: Job;
  step: Part;
  /** Variables that are followed, since each may be made of the others. */
  seen?: readonly string[];
}

/**
 * Who decides what a context is, in lower case: the workflow and GitHub (`fixed`), someone who pushes, dispatches or
 * calls (`writer`), or something that ran before (`made`): a step, a job, a variable of the repository.
 * @throws UnknownValue, Unstated
 */
export function decidedBy(context: string, scope: Scope): "fixed" | "writer" | "made" {
  const [root = "", ...keys] = context.split(".");
  if (root === "inputs") return inputBy(keys[0], scope.model);
  if (root === "github") return githubBy(keys, scope.model);
  if (root === "matrix") return matrixBy(keys, scope);
  if (root === "env") return environmentBy(keys[0] ?? "", scope);
  if (root === "vars") return "made";
  if (root === "steps" || root === "needs" || root === "jobs") {
    return ["result", "outcome", "conclusion"].includes(keys[1] ?? "") ? "fixed" : "made";
  }
  return "fixed";
}

/** Kinds of inputs whose values the workflow lists, or that are no texts. */
const LIMITED = ["boolean", "number", "choice"];

function inputBy(name: string | undefined, model: Workflow): "fixed" | "writer" {
  const declared = eventsOf(model)
    .flatMap(([, event]) => event.at("inputs").entries())
    .filter(([each, input]) => input.unknown || each.toLowerCase() === name);
  const isLimited =
    declared.length > 0 && declared.every(([, input]) => LIMITED.includes(input.at("type").text() ?? ""));
  return isLimited ? "fixed" : "writer";
}

/** Contexts that hold a branch, a tag, or the path to a workflow, which may be named after one. */
const REFS = ["ref", "ref_name", "base_ref", "head_ref", "workflow_ref", "event_path"];
/** Words of events that are numbers, dates, hashes, names that GitHub restricts, or one of a few words. */
const PLAIN =
  /^(id|node_id|number|sha|before|after|type|state|status|conclusion|draft|merged|merged_at|private|fork|forced|created|deleted|login|full_name|author_association|run_attempt|run_number|.*_(id|number|sha|at|count|attempt))$/;
/** What GitHub only names with letters, digits, dashes, underscores and dots. */
const RESTRICTED = /(^|\.)(repository|repo|organization|enterprise)\.(name|url|html_url|clone_url|ssh_url|git_url)$/;
/** Addresses made of restricted names and numbers. */
const ADDRESS = /^(issue|pull_request|comment|review|discussion)\.(url|html_url|diff_url|patch_url)$/;

function githubBy([name = "", ...keys]: readonly string[], model: Workflow): "fixed" | "writer" {
  if (name !== "event") return REFS.includes(name) || name === "" ? "writer" : "fixed";
  const [first = "", last = ""] = [keys[0], keys.at(-1)];
  if (first === "inputs") return inputBy(keys[1], model);
  // The name of a dispatched event is whatever its sender calls it.
  if (first === "action" && keys.length === 1) return startsOn(model, ["repository_dispatch"]) ? "writer" : "fixed";
  if (first === "client_payload") return "writer";
  const path = keys.join(".");
  return PLAIN.test(last) || RESTRICTED.test(path) || ADDRESS.test(path) ? "fixed" : "writer";
}

function matrixBy(keys: readonly string[], { job }: Scope): "fixed" | "made" {
  const values = matrixValues(job, keys);
  return values?.flatMap(leavesOf).every((leaf) => !(leaf.text() ?? "").includes("${{")) ? "fixed" : "made";
}

function environmentBy(name: string, scope: Scope): "fixed" | "writer" | "made" {
  for (const part of [scope.step, scope.job, scope.model.workflow]) {
    const entry = part
      .at("env")
      .entries()
      .find(([key, value]) => value.unknown || key.toLowerCase() === name);
    if (entry === undefined) continue;
    const { seen = [] } = scope;
    const inside = { ...scope, seen: [...seen, `env.${name}`] };
    const contexts = givenBy(entry[1].text() ?? "").flatMap((value) => value.contexts);
    const decided = contexts.filter((each) => !inside.seen.includes(each)).map((each) => decidedBy(each, inside));
    return decided.find((by) => by === "writer") ?? decided.find((by) => by === "made") ?? "fixed";
  }
  // A step before wrote it for those after it, or GitHub set it.
  return /^(github|runner)_/.test(name) || name === "ci" ? "fixed" : "made";
}
