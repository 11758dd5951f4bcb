import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const of = (expression: string) => `\${{ ${expression} }}`;
const when = (condition: unknown) => stepsOf([{ run: "x", if: condition }]);
const IF = "jobs.build.steps[0].if";
const block = when(`${of("github.ref == 'refs/heads/main'")}\n`);

export const fixtures: Fixtures = {
  pass: [
    example("one expression", when(of("github.ref == 'refs/heads/main'"))),
    example("without braces", when("github.ref == 'refs/heads/main'\n")),
    example("a text in the expression that has braces", when(of("contains(github.ref, '}}')"))),
    example("always", when("always()")),
    example("true by will", when(true)),
  ],
  fail: [
    broken("a line break behind the expression", IF, block),
    broken("two expressions", IF, when(`${of("a")} && ${of("b")}`)),
    broken("a comparison around it", IF, when(`${of("github.ref")} == 'refs/heads/main'`)),
    broken("a job's", "jobs.build.if", stepsOf([], { if: `!${of("a")}` })),
    broken("in a repository's file", `content.${IF}`, inRepository(block)),
  ],
  malformed: [
    malformed("an expression without end", "pass", when("${{ a")),
    malformed("a list", "pass", when([of("a"), "b"])),
  ],
  wrongKind: [noWorkload(block)],
};
