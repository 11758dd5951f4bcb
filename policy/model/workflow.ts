import { parse } from "yaml";
import { Cursor, findOf } from "../core/cursor";
import { Part } from "../core/part";
import type { Model, Resource } from "../core/resource";

/** A workflow of GitHub Actions. */
export interface Workflow {
  /** All of it. */
  workflow: Part;
  jobs: readonly Job[];
}

export class Job extends Part {
  constructor(cursor: Cursor) {
    super(cursor, "a job");
  }

  get steps(): readonly Part[] {
    return this.at("steps")
      .items()
      .map((item) => Part.named("step", item));
  }
}

/** A workflow as `headgate check` reads it: its properties are what the file says. */
export const WORKFLOW_TYPE = "headgate:github:Workflow";
const FILE_TYPE = "github:index/repositoryFile:RepositoryFile";
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
        .map(([, job]) => new Job(job)),
    };
  },
};

function documentOf(resource: Resource): Cursor | undefined {
  const properties = Cursor.root(resource);
  if (resource.type === WORKFLOW_TYPE) return properties;
  if (!PATH.test(properties.at("file").text() ?? "")) return undefined;
  // What is no YAML is no workflow: GitHub does not run it.
  return properties.at("content").document((text) => parse(text, { maxAliasCount: 100, logLevel: "silent" }));
}

/** Whether an event starts it. */
export function startsOn({ workflow: { cursor } }: Workflow, events: readonly string[]): boolean {
  const on = cursor.at("on");
  const named = (value: Cursor) => events.includes(value.text() ?? "");
  return named(on) || on.some(named) || on.entries().some(([event]) => events.includes(event));
}

/** `actions/checkout@v4` taken apart. */
export interface Use {
  owner: string;
  /** "actions/checkout", or with a path in the repository. */
  name: string;
  ref: string;
}

/** Whether only other workflows start it, which give it their rights. */
export function isOnlyCalled({ workflow: { cursor } }: Workflow): boolean {
  const on = cursor.at("on");
  const names = [on, ...on.items()].flatMap((each) => each.text() ?? []);
  const events = [...names, ...on.entries().map(([event]) => event)];
  return events.length > 0 && events.every((event) => event === "workflow_call");
}

/** What lies in the same repository: in the checked out folder, or at the commit that runs. */
const isOwn = (text: string): boolean => text.startsWith("./") || text.startsWith("$/");

/** What a step or a job uses; undefined for what lies in the same repository, an image, or nothing. */
export function useOf(part: Part): Use | undefined {
  const text = part.at("uses").text();
  if (text === undefined || isOwn(text) || text.startsWith("docker://")) return undefined;
  const [name = "", ref = ""] = text.split("@", 2);
  return { owner: (name.split("/")[0] ?? "").toLowerCase(), name: name.toLowerCase(), ref };
}

/** Whether a step uses one of these actions. */
export const uses = (step: Part, names: readonly string[]): boolean => names.includes(useOf(step)?.name ?? "");

/** Whether a step of the workflow passes the test. */
export const someStep = ({ jobs }: Workflow, test: (step: Part) => boolean): boolean =>
  findOf(
    jobs.flatMap((job) => job.steps),
    test,
  ) !== undefined;
