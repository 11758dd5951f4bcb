import {
  broken,
  example,
  type Fixtures,
  inRepository,
  malformed,
  noWorkload,
  stepsOf,
  workflowOf,
} from "../../testing/fixtures";

const silent = workflowOf({ build: { steps: [] } }, { permissions: undefined });
const calledBy = (on: unknown) => ({ on, permissions: undefined });
const inherits = (uses: string) => workflowOf({ deploy: { uses, secrets: "inherit" } });

export const fixtures: Fixtures = {
  pass: [
    example("nothing, and for a job what it needs", stepsOf([], { permissions: { contents: "read" } })),
    example("every job says its own", stepsOf([], {}, { permissions: undefined })),
    example("one job", workflowOf({ build: {} }, { permissions: { contents: "write" } })),
    example("several that read", workflowOf({ a: {}, b: {} }, { permissions: { contents: "read" } })),
    example("secrets for a workflow of the same repository", inherits("./.github/workflows/deploy.yml")),
    { ...example("and of an owner that is trusted", inherits("acme/ci/x.yml@v1")), options: { trusted: ["acme"] } },
    example(
      "secrets for a workflow of the same repository, at the same commit",
      inherits("$/.github/workflows/deploy.yml"),
    ),
    example("nothing said where the caller says it", workflowOf({ build: {} }, calledBy({ workflow_call: {} }))),
    example("secrets by name", workflowOf({ deploy: { uses: "a/b/c.yml@v1", secrets: { TOKEN: "x" } } })),
  ],
  fail: [
    broken("nothing said", "permissions", silent),
    broken(
      "nothing said, where not only another workflow calls",
      ["permissions", "permissions"],
      workflowOf({ build: {} }, calledBy({ workflow_call: {}, push: {} })),
      workflowOf({ build: {} }, calledBy(["workflow_call", "push"])),
    ),
    broken(
      "one job that says nothing",
      "permissions",
      workflowOf({ a: { permissions: {} }, b: {} }, { permissions: null }),
    ),
    broken("all rights", "permissions", workflowOf({}, { permissions: "write-all" })),
    broken("all rights for a job", "jobs.build.permissions", stepsOf([], { permissions: "write-all" })),
    broken(
      "a right to write for several jobs",
      'permissions["id-token"]',
      workflowOf({ a: {}, b: {} }, { permissions: { contents: "read", "id-token": "write" } }),
    ),
    broken("every secret for somebody else", "jobs.deploy.secrets", inherits("acme/ci/x.yml@v1")),
    broken("in a repository's file", "content.permissions", inRepository(silent)),
  ],
  malformed: [
    malformed("no jobs", "pass", workflowOf("none", { permissions: undefined })),
    malformed("a job that is null", "fail", workflowOf({ build: null }, { permissions: undefined })),
    malformed("a number", "pass", workflowOf({ build: { permissions: 1 } }, { permissions: 2 })),
  ],
  wrongKind: [noWorkload(silent)],
};
