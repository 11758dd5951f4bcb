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

const group = { group: "ci", "cancel-in-progress": true };
const silent = stepsOf([]);

export const fixtures: Fixtures = {
  pass: [
    example("a group", stepsOf([], {}, { concurrency: group })),
    example("a group that waits its turn", stepsOf([], {}, { concurrency: { group: "deploy", queue: "max" } })),
    example("a group for each job", stepsOf([], { concurrency: group })),
    example("what another workflow calls", stepsOf([], { concurrency: "a" }, { on: "workflow_call" })),
    example("jobs that call another", workflowOf({ a: { uses: "./.github/workflows/b.yml" } })),
  ],
  fail: [
    broken("nothing said", "concurrency", silent),
    broken("one job that says nothing", "concurrency", workflowOf({ a: { concurrency: group }, b: {} })),
    broken("only a name", "concurrency", stepsOf([], {}, { concurrency: "ci" })),
    broken("only a name for a job", "jobs.build.concurrency", stepsOf([], { concurrency: "ci" })),
    broken("in a repository's file", "content.concurrency", inRepository(silent)),
  ],
  malformed: [
    malformed("a number", "pass", stepsOf([], {}, { concurrency: 1 })),
    malformed("a job that is null", "fail", workflowOf({ a: null })),
  ],
  wrongKind: [noWorkload(silent)],
};
