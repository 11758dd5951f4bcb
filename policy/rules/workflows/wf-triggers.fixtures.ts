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

const on = (events: unknown, steps: unknown = [{ run: "x" }]) => stepsOf(steps, {}, { on: events });
const target = on({ pull_request_target: { types: ["opened"] } });
const LABELER = [{ uses: "actions/labeler@v6" }];

export const fixtures: Fixtures = {
  pass: [
    example("a pull request without secrets", on({ pull_request: {} })),
    example("several that are known", on(["push", "pull_request"])),
    example("the labeler alone", on("pull_request_target", LABELER)),
  ],
  fail: [
    broken("a stranger's pull request", "on", target),
    broken("among others", "on", on(["push", "pull_request_target"])),
    broken("a comment", "on", on({ issue_comment: { types: ["created"] } })),
    broken("alone", "on", on("workflow_run")),
    broken("both", ["on", "on"], on({ pull_request_target: null, workflow_run: { workflows: ["ci"] } })),
    broken("the labeler and more", "on", on("pull_request_target", [...LABELER, { run: "x" }])),
    broken(
      "the labeler and another job",
      "on",
      workflowOf({ a: { steps: LABELER }, b: { steps: [] } }, { on: "pull_request_target" }),
    ),
    broken("in a repository's file", "content.on", inRepository(target)),
  ],
  malformed: [
    malformed("a number", "pass", on(1)),
    malformed("no jobs", "fail", workflowOf({}, { on: "pull_request_target" })),
  ],
  wrongKind: [noWorkload(target)],
};
