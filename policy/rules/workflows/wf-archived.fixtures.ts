import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const slack = stepsOf([{ uses: "8398a7/action-slack@v3" }]);
const USES = "jobs.build.steps[0].uses";

export const fixtures: Fixtures = {
  pass: [
    example("what came after it", stepsOf([{ uses: "slackapi/slack-github-action@v4" }])),
    example("an action of the same repository", stepsOf([{ uses: "./actions-rs/toolchain" }])),
  ],
  fail: [
    broken("an archived action", USES, slack),
    broken("by its commit", USES, stepsOf([{ uses: `Actions-RS/Toolchain@${"a".repeat(40)}` }])),
    broken("a part of one", USES, stepsOf([{ uses: "marvinpinto/action-automatic-releases/x@v1" }])),
    broken("in a repository's file", `content.${USES}`, inRepository(slack)),
  ],
  malformed: [
    malformed("a number", "pass", stepsOf([{ uses: 1 }])),
    malformed("no version", "fail", stepsOf([{ uses: "actions/create-release" }])),
  ],
  wrongKind: [noWorkload(slack)],
};
