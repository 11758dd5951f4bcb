import {
  broken,
  commented,
  example,
  type Fixtures,
  inRepository,
  malformed,
  noWorkload,
  stepsOf,
  workflowOf,
} from "../../testing/fixtures";

const COMMIT = "a".repeat(40);
const USES = "jobs.build.steps[0].uses";
const pinned = stepsOf([{ uses: `actions/checkout@${COMMIT}` }]);
const bare = commented(pinned, {});
const text = (behind: string) =>
  `on: push\njobs:\n  build:\n    steps:\n      - name: x\n        uses: actions/checkout@${COMMIT}${behind}\n`;
const inFile = (behind: string) => inRepository(pinned, ".github/workflows/ci.yml", text(behind));

export const fixtures: Fixtures = {
  pass: [
    example("a version behind the commit", inFile(" # v7.0.1")),
    ...["v7", "7.0", "tag=v1.2.3", "ratchet:actions/checkout@v4", "v3.1.0 (2026-01-01)", "pin@v2.0.0-rc.1"].map(
      (behind) => example(behind, commented(pinned, { [USES]: behind })),
    ),
    example("a tag, which says it itself", commented(stepsOf([{ uses: "actions/checkout@v7" }]), {})),
    example("where no comment can be", pinned),
  ],
  fail: [
    broken("a commit alone", `content.${USES}`, inFile("")),
    broken("a comment without a version", USES, commented(pinned, { [USES]: "the good one" })),
    broken("the branch", USES, commented(pinned, { [USES]: "main" })),
    broken("a job's", "jobs.a.uses", commented(workflowOf({ a: { uses: `a/b/c.yml@${COMMIT}` } }), {})),
    broken("a version in another line", USES, commented(pinned, { "jobs.build.steps[0].name": "v7.0.1" })),
  ],
  malformed: [
    malformed("a number", "pass", commented(stepsOf([{ uses: 1 }]), {})),
    malformed("a file that is no YAML", "pass", inRepository(pinned, ".github/workflows/ci.yml", "jobs: [")),
  ],
  wrongKind: [noWorkload(bare)],
};
