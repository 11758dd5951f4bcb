import type { Resource } from "../core/resource";

/** Examples of one rule, beside it in `<id>.fixtures.ts`. The first of `pass` and of `fail` are its documentation. */
export interface Fixtures {
  /** Resources that meet the rule. */
  pass: readonly Example[];
  /** Resources that break it, with the path of every violation. */
  fail: readonly (Example & { paths: readonly string[] })[];
  /** Resources that no API would take, and what the rule says of them: nothing, or a violation. */
  malformed: readonly (Example & { verdict: "pass" | "fail" })[];
  /** Resources that the rule does not look at, although they have what it forbids. */
  wrongKind: readonly Example[];
}

export interface Example {
  /** What it shows. */
  about: string;
  /** One for a rule of a resource; several for a rule of a stack. */
  resources: readonly Resource[];
  options?: unknown;
}

type Json = Record<string, unknown>;

export const resource = (type: string, properties: unknown, name = "shop"): Resource => ({ type, name, properties });

export const pod = (spec: unknown, metadata: Json = {}): Resource =>
  resource("kubernetes:core/v1:Pod", { apiVersion: "v1", kind: "Pod", metadata: { name: "shop", ...metadata }, spec });

/** A pod with one container. */
export const podOf = (container: Json, spec: Json = {}): Resource =>
  pod({ containers: [{ name: "web", ...container }], ...spec });

export const example = (about: string, ...resources: Resource[]): Example => ({ about, resources });

export const broken = (about: string, paths: string | readonly string[], ...resources: Resource[]) => ({
  about,
  resources,
  paths: typeof paths === "string" ? [paths] : paths,
});

export const malformed = (about: string, verdict: "pass" | "fail", ...resources: Resource[]) => ({
  about,
  resources,
  verdict,
});

/** An object with the same spec that is none of the kinds that run pods. */
export const noWorkload = (from: Resource): Example =>
  example("a resource that runs nothing", { ...from, type: "kubernetes:example.com/v1:Widget" });

/** A workflow of GitHub Actions, as its file says it. */
export const workflowOf = (jobs: unknown, rest: Json = {}): Resource =>
  resource("headgate:github:Workflow", { on: "push", permissions: {}, jobs, ...rest }, "ci.yml");

/** A workflow with one job of these steps. */
export const stepsOf = (steps: unknown, job: Json = {}, rest: Json = {}): Resource =>
  workflowOf({ build: { "runs-on": "ubuntu-24.04", permissions: {}, steps, ...job } }, rest);

/** The same with comments behind values, by their paths. */
export const commented = (from: Resource, behind: Readonly<Record<string, string>>): Resource => ({
  ...from,
  comments: new Map(Object.entries(behind).map(([path, text]) => [path, { behind: text, above: "" }])),
});

/** The same as a file that a program puts into a repository. */
export const inRepository = (
  { properties }: Resource,
  file = ".github/workflows/ci.yml",
  content = JSON.stringify(properties),
): Resource => resource("github:index/repositoryFile:RepositoryFile", { repository: "shop", file, content });
