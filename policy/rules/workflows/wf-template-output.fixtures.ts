import { broken, example, type Fixtures, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const of = (expression: string) => `\${{ ${expression} }}`;
const RUN = "jobs.build.steps[0].run";
const runs = (expression: string, job = {}) => stepsOf([{ run: `x ${of(expression)}` }], job);
const output = runs("steps.version.outputs.tag");

export const fixtures: Fixtures = {
  pass: [
    example("by way of a variable", stepsOf([{ run: 'x "$TAG"', env: { TAG: of("steps.version.outputs.tag") } }])),
    ...["needs.build.result", "steps.a.outcome", "steps.a.conclusion", "job.status", "runner.os", "secrets.A"].map(
      (name) => example(name, runs(name)),
    ),
    example("a matrix of words", runs("matrix.os", { strategy: { matrix: { os: ["a"], include: [{ os: "b" }] } } })),
    example("a variable that GitHub sets", runs("env.GITHUB_SHA")),
    example("what is told already", runs("inputs.a || steps.a.outputs.b"), runs("github.head_ref")),
  ],
  fail: [
    broken("what a step gave", RUN, output),
    broken("what a job gave", RUN, runs("needs.build.outputs.tag")),
    broken("all that steps gave", RUN, runs("toJSON(steps)")),
    broken("a setting of the repository", RUN, runs("vars.REGISTRY")),
    broken("a variable that a step wrote", RUN, runs("env.TAG")),
    broken("a variable made of it", RUN, runs("env.TAG", { env: { TAG: of("steps.a.outputs.b") } })),
    broken(
      "a matrix that a job made",
      RUN,
      runs("matrix.os", { strategy: { matrix: of("fromJSON(needs.a.outputs.m)") } }),
    ),
    broken("a part of it", RUN, runs("matrix.os", { strategy: { matrix: { os: of("fromJSON(needs.a.outputs.m)") } } })),
    broken(
      "one value of it",
      RUN,
      runs("matrix.os.a", { strategy: { matrix: { os: [{ a: "b" }, { a: of("needs.a.outputs.m") }] } } }),
    ),
    broken(
      "what is included",
      RUN,
      runs("matrix.os", { strategy: { matrix: { os: ["a"], include: of("fromJSON(needs.a.outputs.m)") } } }),
    ),
  ],
  malformed: [
    malformed("a script that is a number", "pass", stepsOf([{ run: 1 }])),
    malformed("a matrix that is a list", "pass", runs("matrix.os", { strategy: { matrix: [1] } })),
  ],
  wrongKind: [noWorkload(output)],
};
