import { Document, isMap, isScalar, Scalar, type YAMLMap } from "yaml";
import type { GeneratedFile } from "../../pipeline/generated-file";
import { madeByHeadgate } from "../../pipeline/generated-file";
import type { PinnedAction } from "../pins/pins";
import { Evaluated, literal } from "./expression";
import type { CallInput, Job, Permissions, Step, Triggers, Value, Workflow } from "./workflow";

/** A value with a remark behind it. */
class Remarked {
  constructor(
    readonly value: string,
    readonly remark: string,
  ) {}
}

type Node =
  | string
  | number
  | boolean
  | null
  | Evaluated
  | Remarked
  | readonly Node[]
  | { [key: string]: Node | undefined };

/** The file of a workflow. The same workflow gives the same bytes. */
export function renderWorkflow(workflow: Workflow): GeneratedFile {
  const content = renderYaml({
    name: workflow.name,
    on: triggers(workflow.on),
    permissions: {},
    ...(workflow.env !== undefined && { env: values(workflow.env) }),
    defaults: { run: { shell: "bash" } },
    concurrency: {
      group: workflow.concurrency.group,
      "cancel-in-progress": workflow.concurrency.cancelInProgress,
    },
    jobs: Object.fromEntries(Object.entries(workflow.jobs).map(([id, job]) => [id, jobNode(job)])),
  });
  return { path: `.github/workflows/${workflow.file}`, content };
}

/** YAML with the head that says who made it, and room between its parts. */
export function renderYaml(node: Node): string {
  const document = new Document(plain(node));
  document.commentBefore = ` ${madeByHeadgate}`;
  const top = document.contents;
  if (isMap(top)) {
    space(top);
    const jobs = top.get("jobs", true);
    if (isMap(jobs)) space(jobs);
  }
  return document.toString({
    lineWidth: 0,
    singleQuote: true,
    nullStr: "",
    commentString: (text) => text.replace(/^(?!$)(?: ?)/gm, "# "),
  });
}

/** An empty line before every part but the first. */
function space(map: YAMLMap): void {
  for (const pair of map.items.slice(1)) {
    if (isScalar(pair.key) && isMap(pair.value)) pair.key.spaceBefore = true;
  }
}

/** What the YAML library takes. Text that is not Evaluated can hold no expression. */
function plain(node: Node): unknown {
  if (typeof node === "string") return literal(node);
  if (node instanceof Evaluated) return node.toString();
  if (node instanceof Remarked) {
    const scalar = new Scalar(literal(node.value));
    scalar.comment = ` ${node.remark.replace(/\s+/g, " ")}`;
    return scalar;
  }
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]) => (value === undefined ? [] : [[literal(key), plain(value)]])),
  );
}

const values = (map: Readonly<Record<string, Value>> | undefined): Record<string, Value> | undefined =>
  map === undefined || Object.keys(map).length === 0 ? undefined : { ...map };

function triggers(on: Triggers): Record<string, Node | undefined> {
  const { pullRequest, mergeGroup, push, schedule, issueComment, dispatch, call } = on;
  const inputs = (given: Readonly<Record<string, CallInput>> | undefined) =>
    given === undefined || Object.keys(given).length === 0
      ? undefined
      : Object.fromEntries(
          Object.entries(given).map(([name, { description, type, required, default: value, options }]) => [
            name,
            { description, type, required, default: value, options } as { [key: string]: Node | undefined },
          ]),
        );
  return {
    pull_request: pullRequest === undefined ? undefined : { ...pullRequest },
    merge_group: mergeGroup === true ? null : undefined,
    push: push === undefined ? undefined : { ...push },
    schedule: schedule === undefined ? undefined : [{ cron: schedule }],
    issue_comment: issueComment === true ? { types: ["created"] } : undefined,
    workflow_dispatch: dispatch === undefined ? undefined : { inputs: inputs(dispatch) },
    workflow_call:
      call === undefined
        ? undefined
        : {
            inputs: inputs(call.inputs),
            secrets:
              call.secrets === undefined || call.secrets.length === 0
                ? undefined
                : Object.fromEntries(call.secrets.map((name) => [name, { required: false }])),
            outputs: call.outputs as { [key: string]: Node } | undefined,
          },
  };
}

function jobNode(job: Job): Node {
  const head = {
    name: job.name,
    needs: job.needs === undefined || job.needs.length === 0 ? undefined : job.needs,
    if: job.if === undefined ? undefined : condition(job.if),
  };
  if ("calls" in job) {
    return {
      ...head,
      permissions: permissions(job.permissions),
      uses: `./.github/workflows/${job.calls}`,
      with: values(job.with),
      secrets: values(job.secrets),
    };
  }
  const { matrix, concurrency, environment, services } = job;
  return {
    ...head,
    "runs-on": job.runsOn,
    "timeout-minutes": job.timeoutMinutes,
    permissions: permissions(job.permissions),
    environment: environment as { [key: string]: Node } | undefined,
    concurrency:
      concurrency === undefined
        ? undefined
        : { group: concurrency.group, "cancel-in-progress": concurrency.cancelInProgress },
    strategy:
      matrix === undefined
        ? undefined
        : { "fail-fast": matrix.failFast, matrix: { ...matrix.values, include: matrix.include } },
    services:
      services === undefined || Object.keys(services).length === 0
        ? undefined
        : Object.fromEntries(
            Object.entries(services).map(([name, each]) => [name, { ...each } as { [key: string]: Node }]),
          ),
    outputs: values(job.outputs),
    env: values(job.env),
    steps: job.steps.map(stepNode),
  };
}

const permissions = (granted: Permissions): Node =>
  Object.fromEntries(
    Object.entries(granted)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([scope, { access, why }]) => [scope, new Remarked(access, why)]),
  );

/** A condition stands without `${{ }}`, unless it begins with what YAML takes for something else. */
const condition = (given: Evaluated): Node => new Evaluated(given.source, given.source.startsWith("!"));

function stepNode(step: Step): Node {
  return {
    name: step.name,
    id: step.id,
    if: step.if === undefined ? undefined : condition(step.if),
    uses: step.uses === undefined ? undefined : action(step.uses),
    with: values(step.with),
    env: values(step.env),
    "timeout-minutes": step.timeoutMinutes,
    "working-directory": step.workingDirectory === "." ? undefined : step.workingDirectory,
    run: step.run,
  };
}

const action = ({ reference, tag }: PinnedAction): Node => new Remarked(reference, tag);
