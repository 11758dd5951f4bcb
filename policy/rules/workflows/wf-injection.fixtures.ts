import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

/** An expression of a workflow. */
const of = (expression: string) => `\${{ ${expression} }}`;
const title = stepsOf([{ run: `echo "${of("github.event.issue.title")}"` }]);
const target = { on: { pull_request_target: { types: ["opened"] } } };
const checkout = (ref: string, rest: Record<string, unknown> = target) =>
  stepsOf([{ uses: "actions/checkout@v4", with: { ref } }], {}, rest);
const HEAD_SHA = of("github.event.pull_request.head.sha");

export const fixtures: Fixtures = {
  pass: [
    example(
      "by way of a variable",
      stepsOf([{ run: 'echo "$TITLE"', env: { TITLE: of("github.event.issue.title") } }]),
    ),
    example("what no stranger writes", stepsOf([{ run: `deploy ${of("github.sha")} ${of("inputs.stage")}` }])),
    example("a comparison", stepsOf([{ run: `test ${of("github.head_ref == 'main'")}` }])),
    example("a question", stepsOf([{ run: `test ${of("contains(github.event.comment.body, '/run')")}` }])),
    example("an input of an action", stepsOf([{ uses: "a/b@v1", with: { script: of("github.head_ref") } }])),
    example("a variable of the same job that is no stranger's", stepsOf([{ run: of("env.A") }], { env: { A: "1" } })),
    example("a fork's code without secrets", checkout(HEAD_SHA, { on: ["pull_request"] })),
    example("the base's code with secrets", checkout(of("github.base_ref"))),
    example("part of a name", stepsOf([{ run: of("toJSON(github.event.issue.number)") }])),
  ],
  fail: [
    broken("a title in a script", "jobs.build.steps[0].run", title),
    broken("a branch", "jobs.build.steps[0].run", stepsOf([{ run: `git switch ${of("github['head_ref'] || 'x'")}` }])),
    broken("any message", "jobs.build.steps[0].run", stepsOf([{ run: of("join(github.event.commits.*.message)") }])),
    broken("the first message", "jobs.build.steps[0].run", stepsOf([{ run: of("github.event.commits[0].message") }])),
    broken("a key that is open", "jobs.build.steps[0].run", stepsOf([{ run: of("github.event[env.X].body") }])),
    broken("all of the event", "jobs.build.steps[0].run", stepsOf([{ run: of("toJSON(github.event)") }])),
    broken(
      "a variable that the script does not read",
      "jobs.build.steps[0].run",
      stepsOf([{ run: of("env.Title") }], {}, { env: { TITLE: of("github.event.issue.title") } }),
    ),
    broken(
      "a script of JavaScript",
      "jobs.build.steps[0].with.script",
      stepsOf([{ uses: "actions/github-script@v7", with: { script: `x("${of("github.head_ref")}")` } }]),
    ),
    broken("a fork's code with secrets", "jobs.build.steps[0].with.ref", checkout(HEAD_SHA)),
    broken(
      "a fork after another workflow",
      "jobs.build.steps[0].with.repository",
      stepsOf(
        [
          {
            uses: "actions/checkout@v4",
            with: { repository: of("github.event.workflow_run.head_repository.full_name") },
          },
        ],
        {},
        { on: ["push", "workflow_run"] },
      ),
    ),
    broken(
      "a fork's code by the command line",
      "jobs.build.steps[0].run",
      stepsOf([{ run: "gh pr checkout 1" }], {}, { on: "pull_request_target" }),
    ),
    broken(
      "commands in what is printed",
      ["env.ACTIONS_ALLOW_UNSECURE_COMMANDS", "jobs.build.steps[0].env.ACTIONS_ALLOW_UNSECURE_COMMANDS"],
      stepsOf(
        [{ env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: "true" } }],
        {},
        { env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true } },
      ),
    ),
    broken("in a repository's file", "content.jobs.build.steps[0].run", inRepository(title)),
  ],
  malformed: [
    malformed("a script that is a list", "pass", stepsOf([{ run: [of("github.head_ref")] }])),
    malformed("an expression without end", "pass", stepsOf([{ run: "echo ${{ github.head_ref" }])),
    malformed("an expression that is none", "pass", stepsOf([{ run: of("github.head_ref )(") }])),
    malformed("an environment that is a text", "pass", stepsOf([{ run: of("env.A"), env: "A" }])),
    malformed("an event that is a number", "pass", checkout(HEAD_SHA, { on: 1 })),
  ],
  wrongKind: [noWorkload(title)],
};
