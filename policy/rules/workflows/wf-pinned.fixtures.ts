import {
  broken,
  example,
  type Fixtures,
  inRepository,
  malformed,
  noWorkload,
  resource,
  stepsOf,
  workflowOf,
} from "../../testing/fixtures";

const COMMIT = "a".repeat(40);
const DIGEST = `ghcr.io/acme/tools@sha256:${"b".repeat(64)}`;
const SLSA = "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml";
const of = (expression: string) => `\${{ ${expression} }}`;
const tagged = stepsOf([{ uses: "actions/checkout@v4" }]);

export const fixtures: Fixtures = {
  pass: [
    example("a commit", stepsOf([{ uses: `actions/checkout@${COMMIT}` }, { run: "make" }])),
    example("a commit in a block of text", stepsOf([{ uses: `actions/checkout@${COMMIT}\n` }])),
    example("an action of the same repository", stepsOf([{ uses: "./.github/actions/build" }])),
    example("and at the same commit", stepsOf([{ uses: "$/.github/actions/build" }])),
    example("what only runs as a release", workflowOf({ provenance: { uses: `${SLSA}@v2.1.0` } })),
    example("images by digest", stepsOf([{ uses: `docker://${DIGEST}` }], { container: DIGEST })),
    example(
      "an image that an expression names",
      stepsOf([], { container: { image: `\${{ matrix.image }}` }, services: { db: { image: DIGEST } } }),
    ),
    example(
      "digests of a matrix",
      stepsOf([], { container: of("matrix.image"), strategy: { matrix: { image: [DIGEST] } } }),
      stepsOf([], {
        container: `a@${of("matrix.digest")}`,
        strategy: { matrix: { digest: [`sha256:${"b".repeat(64)}`] } },
      }),
      stepsOf([], { container: of("matrix.image"), strategy: { matrix: of("fromJSON(needs.a.outputs.b)") } }),
    ),
    { ...example("an owner that is trusted", stepsOf([{ uses: "Acme/tools@v1" }])), options: { trusted: ["acme"] } },
    example("a file elsewhere in a repository", inRepository(tagged, "docs/ci.yml")),
  ],
  fail: [
    broken("a tag", "jobs.build.steps[0].uses", tagged),
    broken(
      "steps side by side",
      "jobs.build.steps[0].parallel[1].uses",
      stepsOf([{ parallel: [{ run: "make" }, { uses: "a/b@v1" }] }]),
    ),
    broken("a branch, in a folder of a repository", "jobs.build.steps[0].uses", stepsOf([{ uses: "a/b/c@main" }])),
    broken("what has to run as a release, by a branch", "jobs.p.uses", workflowOf({ p: { uses: `${SLSA}@main` } })),
    broken("a short commit", "jobs.build.steps[0].uses", stepsOf([{ uses: `a/b@${"a".repeat(7)}` }])),
    broken("nothing named", "jobs.build.steps[0].uses", stepsOf([{ uses: "a/b" }])),
    broken(
      "a workflow of somebody else",
      "jobs.deploy.uses",
      workflowOf({ deploy: { uses: "acme/ci/.github/workflows/deploy.yml@v1" } }),
    ),
    broken(
      "images by tag",
      ["jobs.build.steps[0].uses", "jobs.build.container.image", "jobs.build.services.db.image"],
      stepsOf([{ uses: "docker://alpine:3" }], {
        container: { image: "node:24" },
        services: { db: { image: "db:1" } },
      }),
    ),
    broken(
      "images of a matrix",
      "jobs.build.container",
      stepsOf([], { container: of("matrix.image"), strategy: { matrix: { image: [DIGEST, "node:24"] } } }),
    ),
    broken(
      "versions of a matrix",
      "jobs.build.container.image",
      stepsOf([], {
        container: { image: `node:${of("matrix.node.version")}` },
        strategy: { matrix: { include: [{ node: { version: 24 } }] } },
      }),
    ),
    broken("an image alone", "jobs.build.container", stepsOf([], { container: "node:24" })),
    broken("in a repository's file", "content.jobs.build.steps[0].uses", inRepository(tagged)),
  ],
  malformed: [
    malformed("jobs that are a list", "pass", workflowOf([{ uses: "a/b@v1" }])),
    malformed("steps that are a text", "pass", stepsOf("make")),
    malformed("a step that is null", "pass", stepsOf([null])),
    malformed("a number", "pass", stepsOf([{ uses: 4 }])),
    malformed("a file that is no YAML", "pass", inRepository(tagged, ".github/workflows/ci.yml", "jobs: [")),
    malformed("a bomb", "pass", inRepository(tagged, ".github/workflows/ci.yml", bomb())),
    malformed(
      "a file without content",
      "pass",
      resource("github:index/repositoryFile:RepositoryFile", { file: ".github/workflows/ci.yml" }),
    ),
  ],
  wrongKind: [noWorkload(tagged)],
};

function bomb(): string {
  const levels = [..."bcdefghi"].map((name, index) => {
    const before = "abcdefgh"[index];
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join()}]`;
  });
  return ["a: &a [x, x, x, x, x, x, x, x, x]", ...levels].join("\n");
}
