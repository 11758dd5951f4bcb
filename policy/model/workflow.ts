import { parse, parseDocument } from "yaml";
import { Cursor, findOf } from "../core/cursor";
import { Part } from "../core/part";
import type { Comment, Model, Resource } from "../core/resource";
import { commentsOf } from "./comments";

/** A workflow of GitHub Actions. */
export interface Workflow {
  /** All of it. */
  workflow: Part;
  jobs: readonly Job[];
  /** The comments at a value; undefined where the source has no comments at all. */
  commentAt(at: Cursor): Comment | undefined;
}

export class Job extends Part {
  readonly steps: readonly Part[];

  constructor(
    cursor: Cursor,
    /** Its name in the workflow. */
    readonly id: string,
  ) {
    super(cursor, "a job");
    this.steps = this.at("steps")
      .items()
      .flatMap(stepsAtOnce)
      .map((item) => Part.named("step", item));
  }
}

/** The steps that an item of the list stands for: itself, or those that run side by side. */
function stepsAtOnce(item: Cursor): Cursor[] {
  const inside = item.unknown ? [] : item.at("parallel").items();
  return inside.length === 0 ? [item] : inside;
}

const NO_COMMENT: Comment = { behind: "", above: "" };

/** A workflow as `headgate check` reads it: its properties are what the file says. */
export const WORKFLOW_TYPE = "headgate:github:Workflow";
const FILE_TYPE = "github:index/repositoryFile:RepositoryFile";
const OPTIONS = { maxAliasCount: 100, logLevel: "silent" } as const;
const PATH = /^(\.\/)?\.github\/workflows\/[^/]+\.ya?ml$/;

/** Workflows: files of their own, and those that a program puts into a repository. */
export const workflow: Model<Workflow> = {
  name: "workflows of GitHub Actions",
  accepts: (type) => type === WORKFLOW_TYPE || type === FILE_TYPE,
  of(resource) {
    const document = documentOf(resource);
    if (document === undefined) return undefined;
    return {
      workflow: new Part(document, "the workflow"),
      jobs: document
        .at("jobs")
        .entries()
        .map(([id, job]) => new Job(job, id)),
      commentAt: commentsIn(resource),
    };
  },
};

/** Comments by the path from the resource, which for a file in a repository begins with its content. */
function commentsIn(resource: Resource): Workflow["commentAt"] {
  let comments = resource.comments;
  const isFile = resource.type === FILE_TYPE;
  return (at) => {
    if (isFile && comments === undefined) {
      const text = Cursor.root(resource).at("content").text() ?? "";
      comments = commentsOf(parseDocument(text, OPTIONS), text);
    }
    const path = isFile ? at.path.replace(/^content\.?/, "") : at.path;
    return comments && (comments.get(path) ?? NO_COMMENT);
  };
}

function documentOf(resource: Resource): Cursor | undefined {
  const properties = Cursor.root(resource);
  if (resource.type === WORKFLOW_TYPE) return properties;
  if (!PATH.test(properties.at("file").text() ?? "")) return undefined;
  // What is no YAML is no workflow: GitHub does not run it.
  return properties.at("content").document((text) => parse(text, OPTIONS));
}

/** Whether an event starts it. */
export function startsOn({ workflow: { cursor } }: Workflow, events: readonly string[]): boolean {
  const on = cursor.at("on");
  const named = (value: Cursor) => events.includes(value.text() ?? "");
  return named(on) || on.some(named) || on.entries().some(([event]) => events.includes(event));
}

/** Names of the events that start it, with what the workflow says of each. */
export function eventsOf({ workflow: { cursor } }: Workflow): [name: string, event: Cursor][] {
  const on = cursor.at("on");
  const named = [on, ...on.items()].flatMap((each): [string, Cursor][] => {
    const text = each.text();
    return text === undefined ? [] : [[text, each]];
  });
  return [...named, ...on.entries()];
}

/** `actions/checkout@v4` taken apart. */
export interface Use {
  owner: string;
  /** "actions/checkout", or with a path in the repository. */
  name: string;
  ref: string;
}

/** Whether only other workflows start it, which give it their rights. */
export function isOnlyCalled(model: Workflow): boolean {
  const events = eventsOf(model);
  return events.length > 0 && events.every(([event]) => event === "workflow_call");
}

/** What lies in the same repository: in the checked out folder, or at the commit that runs. */
const isOwn = (text: string): boolean => text.startsWith("./") || text.startsWith("$/");

/** What a step or a job uses; undefined for what lies in the same repository, an image, or nothing. */
export function useOf(part: Part): Use | undefined {
  // A block of text ends with a line break, which GitHub takes no part of.
  const text = part.at("uses").text()?.trim();
  if (text === undefined || isOwn(text) || text.startsWith("docker://")) return undefined;
  const [name = "", ref = ""] = text.split("@", 2);
  return { owner: (name.split("/")[0] ?? "").toLowerCase(), name: name.toLowerCase(), ref };
}

/** The repository of what is used: `github/codeql-action` of `github/codeql-action/init`. */
export const repositoryOf = ({ name }: Use): string => name.split("/", 2).join("/");

export const isCommit = (ref: string): boolean => /^[0-9a-f]{40}$/.test(ref);

/** The version in a text such as the comment behind a pin: "v4.2.2" of "v4.2.2 (2025-01-01)"; undefined for none. */
export const versionIn = (text: string): string | undefined =>
  /(?:^|[\s:=@/])(v?\d+(?:\.\d+){0,2}(?:[-+.][\w.-]+)?)(?=$|[\s,;)])/.exec(text)?.[1];

/** The version that a step or job uses, by its tag or by the comment behind its commit. */
export function versionUsed(model: Workflow, part: Part, use: Use): string | undefined {
  return versionIn(isCommit(use.ref) ? (model.commentAt(part.at("uses"))?.behind ?? "") : use.ref);
}

/** Every part that may use something: the jobs, and the steps of each. */
export const usersIn = ({ jobs }: Workflow): readonly Part[] => jobs.flatMap((job) => [job, ...job.steps]);

/** Whether a step uses one of these actions. */
export const uses = (step: Part, names: readonly string[]): boolean => names.includes(useOf(step)?.name ?? "");

/** Whether a step of the workflow passes the test. */
export const someStep = ({ jobs }: Workflow, test: (step: Part) => boolean): boolean =>
  findOf(
    jobs.flatMap((job) => job.steps),
    test,
  ) !== undefined;
