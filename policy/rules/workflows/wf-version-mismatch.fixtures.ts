import { broken, commented, example, type Fixtures, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const [A, B] = ["a".repeat(40), "b".repeat(40)];
const [FIRST, SECOND] = ["jobs.build.steps[0].uses", "jobs.build.steps[1].uses"];
const two = (first: string, second: string, versions: readonly [string, string]) =>
  commented(stepsOf([{ uses: first }, { uses: second }]), { [FIRST]: versions[0], [SECOND]: versions[1] });
const checkout = (commit: string, version: string) =>
  commented(stepsOf([{ uses: `actions/checkout@${commit}` }]), { [FIRST]: version });
const differ = two(`actions/checkout@${A}`, `actions/checkout@${B}`, ["v7.0.1", "v7.0.1"]);
const pins = { pins: { "actions/checkout": { "v7.0.1": A } } };

export const fixtures: Fixtures = {
  pass: [
    example("the same commit", two(`actions/checkout@${A}`, `actions/checkout@${A}`, ["v7.0.1", "v7.0.1"])),
    example("another version", two(`actions/checkout@${A}`, `actions/checkout@${B}`, ["v7.0.1", "v7.0.2"])),
    example("a version that moves on", two(`actions/checkout@${A}`, `actions/checkout@${B}`, ["v7", "v7"])),
    example("another action", two(`a/b@${A}`, `a/c@${B}`, ["v1.0.0", "v1.0.0"])),
    example("no version", two(`a/b@${A}`, `a/b@${B}`, ["", ""])),
    example("tags", two("a/b@v1.0.0", "a/b@v1.0.0", ["", ""])),
    { ...example("the commit that is known", checkout(A, "v7.0.1")), options: pins },
    { ...example("a version that is not", checkout(B, "v7.0.2")), options: pins },
  ],
  fail: [
    broken("two commits for one version", [FIRST, SECOND], differ),
    broken("in two parts of a repository", [FIRST, SECOND], two(`a/b/x@${A}`, `a/b/y@${B}`, ["v1.0.0", "v1.0.0"])),
    broken("in two workflows", [FIRST, FIRST], checkout(A, "v7.0.1"), checkout(B, "v7.0.1")),
    { ...broken("another commit than is known", FIRST, checkout(B, "v7.0.1")), options: pins },
    {
      ...broken("one of two, where it is known", SECOND, differ),
      options: pins,
    },
  ],
  malformed: [malformed("a number", "pass", commented(stepsOf([{ uses: 1 }]), { [FIRST]: "v1.0.0" }))],
  wrongKind: [noWorkload(differ)],
};
