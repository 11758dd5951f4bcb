import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const of = (expression: string) => `\${{ ${expression} }}`;
const RUN = "jobs.build.steps[0].run";
const inputs = (input: unknown) => ({ on: { workflow_dispatch: { inputs: { stage: input } } } });
const stage = (input: unknown, name = "inputs.stage") => stepsOf([{ run: `deploy ${of(name)}` }], {}, inputs(input));
const typed = stage({ type: "string" });
const runs = (expression: string, job = {}, rest = {}) => stepsOf([{ run: `x ${of(expression)}` }], job, rest);

export const fixtures: Fixtures = {
  pass: [
    example(
      "by way of a variable",
      stepsOf([{ run: 'deploy "$STAGE"', env: { STAGE: of("inputs.stage") } }], {}, inputs({ type: "string" })),
    ),
    example("an input of a few words", stage({ type: "choice", options: ["staging", "production"] })),
    example(
      "an input that is no text",
      stage({ type: "boolean" }),
      ...[stage({ type: "number" }, "github.event.inputs.stage")],
    ),
    example("a question about an input", stage({ type: "string" }, "inputs.stage == 'staging'")),
    ...["github.sha", "github.run_id", "github.actor", "github.repository", "github.event.repository.name"].map(
      (name) => example(name, runs(name)),
    ),
    ...["github.event.number", "github.event.pull_request.html_url", "github.event.action"].map((name) =>
      example(name, runs(name)),
    ),
    example("a matrix of words", runs("matrix.os.name", { strategy: { matrix: { os: [{ name: "a" }] } } })),
    example("what a stranger writes, which is worse", runs("github.head_ref")),
    example("what an input of an action takes", stepsOf([{ uses: "a/b@v1", with: { script: of("inputs.stage") } }])),
    example("a variable that says the same", runs("env.A", { env: { A: "1" } }, inputs({}))),
    example("a variable of its own value", runs("env.A", { env: { A: of("env.B"), B: of("env.A") } })),
    example("what a step gave", runs("steps.a.outputs.b")),
  ],
  fail: [
    broken("an input that takes any text", RUN, typed),
    broken("an input whose kind is not said", RUN, stage({})),
    broken("an input that is not declared", RUN, runs("inputs.other")),
    broken(
      "an input of several kinds",
      RUN,
      runs(
        "inputs.stage",
        {},
        {
          on: {
            workflow_dispatch: { inputs: { stage: { type: "choice" } } },
            workflow_call: { inputs: { stage: { type: "string" } } },
          },
        },
      ),
    ),
    broken("all inputs", RUN, runs("toJSON(inputs)")),
    ...[
      "github.ref_name",
      "github.ref",
      "github.base_ref",
      "github.event.client_payload.version",
      "github.event.release.tag_name",
      "github.event.inputs.x",
      "github.event.release.html_url",
    ].map((name) => broken(name, RUN, runs(name))),
    broken("a dispatched event's name", RUN, runs("github.event.action", {}, { on: { repository_dispatch: {} } })),
    broken("a variable that is an input", RUN, runs("env.Stage", { env: { STAGE: of("inputs.stage") } })),
    broken(
      "a script of JavaScript",
      "jobs.build.steps[0].with.script",
      stepsOf([{ uses: "actions/github-script@v9", with: { script: `x("${of("github.ref_name")}")` } }]),
    ),
    broken("in a repository's file", `content.${RUN}`, inRepository(typed)),
  ],
  malformed: [
    malformed("a script that is a list", "pass", stepsOf([{ run: [of("inputs.a")] }])),
    malformed(
      "inputs that are a list",
      "fail",
      stepsOf([{ run: of("inputs.a") }], {}, { on: { workflow_dispatch: { inputs: [1] } } }),
    ),
    malformed("a matrix that is a text", "pass", runs("matrix.a", { strategy: { matrix: "a" } })),
  ],
  wrongKind: [noWorkload(typed)],
};
