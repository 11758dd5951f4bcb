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

const endless = stepsOf([{ run: "make" }]);
const TIMEOUT = 'jobs.build["timeout-minutes"]';

export const fixtures: Fixtures = {
  pass: [
    example("a limit", stepsOf([], { "timeout-minutes": 15 })),
    example("a limit for every step", stepsOf([{ run: "make", "timeout-minutes": 5 }])),
    example("what calls another workflow, which says it", workflowOf({ a: { uses: "./.github/workflows/b.yml" } })),
  ],
  fail: [
    broken("none", TIMEOUT, endless),
    broken("none for one step", TIMEOUT, stepsOf([{ run: "a", "timeout-minutes": 5 }, { run: "b" }])),
    broken("no steps", TIMEOUT, stepsOf([])),
    broken("in a repository's file", `content.${TIMEOUT}`, inRepository(endless)),
  ],
  malformed: [
    malformed("a text", "pass", stepsOf([], { "timeout-minutes": "15" })),
    malformed("a job that is null", "fail", workflowOf({ a: null })),
  ],
  wrongKind: [noWorkload(endless)],
};
