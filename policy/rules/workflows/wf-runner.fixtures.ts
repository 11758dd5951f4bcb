import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const of = (expression: string) => `\${{ ${expression} }}`;
const on = (runsOn: unknown, job = {}) => stepsOf([], { "runs-on": runsOn, ...job });
const AT = 'jobs.build["runs-on"]';
const own = on(["self-hosted", "linux"]);

export const fixtures: Fixtures = {
  pass: [
    example("GitHub's", on("ubuntu-24.04")),
    example("larger ones of GitHub", on({ group: "large", labels: ["ubuntu-24.04"] })),
    example("several of them", on(of("matrix.os"), { strategy: { matrix: { os: ["ubuntu-24.04", "windows-2025"] } } })),
    example(
      "one that the matrix leaves out",
      on(of("matrix.os"), {
        strategy: {
          matrix: { os: ["ubuntu-24.04", "self-hosted"], exclude: [{ os: "self-hosted" }, { os: "a", b: 1 }] },
        },
      }),
    ),
    example("what nobody can tell", on(of("inputs.runner"))),
  ],
  fail: [
    broken("one of your own", AT, own),
    broken("by its name alone", AT, on("self-hosted")),
    broken("behind another label", AT, on(["linux", "self-hosted"])),
    broken("in a group", AT, on({ group: "own", labels: "self-hosted" })),
    broken("of a matrix", AT, on(of("matrix.os"), { strategy: { matrix: { os: ["ubuntu-24.04", "self-hosted"] } } })),
    broken(
      "of a matrix of lists",
      AT,
      on(of("matrix.os.on"), { strategy: { matrix: { include: [{ os: { on: ["self-hosted"] } }] } } }),
    ),
    broken("in a repository's file", `content.${AT}`, inRepository(own)),
  ],
  malformed: [
    malformed("a number", "pass", on(1)),
    malformed("a matrix that is a text", "pass", on(of("matrix.os"), { strategy: "x" })),
  ],
  wrongKind: [noWorkload(own)],
};
