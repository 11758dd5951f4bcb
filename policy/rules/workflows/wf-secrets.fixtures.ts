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

const of = (expression: string) => `\${{ ${expression} }}`;
const TOKEN = "jobs.build.steps[0].env.TOKEN";
const reads = (expression: string, job = {}, rest = {}) =>
  stepsOf([{ run: "x", env: { TOKEN: of(expression) } }], job, rest);
const outside = reads("secrets.NPM_TOKEN");

export const fixtures: Fixtures = {
  pass: [
    example("a secret of an environment", reads("secrets.NPM_TOKEN", { environment: "production" })),
    example("the token of the run", reads("secrets.GITHUB_TOKEN"), reads("secrets['GITHUB_TOKEN']")),
    example("what the caller hands on", reads("secrets.NPM_TOKEN", {}, { on: { workflow_call: {} } })),
    example(
      "by name",
      workflowOf({ a: { uses: "./.github/workflows/b.yml", secrets: { TOKEN: of("secrets.TOKEN") } } }),
    ),
    example(
      "what wf-permissions tells",
      workflowOf({ a: { uses: "a/b/.github/workflows/c.yml@v1", secrets: "inherit" } }),
    ),
    example("what a step names so", reads("fromJSON(steps.vault.outputs.secrets).token")),
    example("a word in a text", stepsOf([{ run: "echo secrets.NPM_TOKEN" }])),
  ],
  fail: [
    broken("a secret of the repository", TOKEN, outside),
    broken("by a name in brackets", TOKEN, reads("secrets['NPM_TOKEN']")),
    broken("by a name that is open", TOKEN, reads("secrets[matrix.name]")),
    broken("beside the token", TOKEN, reads("secrets.NPM_TOKEN || secrets.GITHUB_TOKEN")),
    broken("for the whole job", "jobs.build.env.A", stepsOf([], { env: { A: of("secrets.A") } })),
    broken(
      "every secret",
      "jobs.a.secrets",
      workflowOf({ a: { uses: "./.github/workflows/b.yml", secrets: "inherit" } }),
    ),
    broken("in a repository's file", `content.${TOKEN}`, inRepository(outside)),
  ],
  malformed: [
    malformed("a job that is null", "pass", workflowOf({ a: null })),
    malformed("an expression without end", "pass", stepsOf([{ run: "${{ secrets.A" }])),
  ],
  wrongKind: [noWorkload(outside)],
};
