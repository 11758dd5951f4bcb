import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const checkout = (inputs?: unknown) => stepsOf([{ uses: "actions/checkout@v7", with: inputs }]);
const AT = 'jobs.build.steps[0].with["persist-credentials"]';

export const fixtures: Fixtures = {
  pass: [
    example("no token", checkout({ "persist-credentials": false })),
    example("a token by will", checkout({ "persist-credentials": true })),
    example("another action", stepsOf([{ uses: "actions/setup-node@v6" }])),
  ],
  fail: [
    broken("a token that stays", AT, checkout()),
    broken("beside other inputs", AT, checkout({ "fetch-depth": 0 })),
    broken("in a repository's file", `content.${AT}`, inRepository(checkout())),
  ],
  malformed: [malformed("inputs that are a text", "pass", checkout("none"))],
  wrongKind: [noWorkload(checkout())],
};
