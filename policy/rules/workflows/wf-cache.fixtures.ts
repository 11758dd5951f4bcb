import { broken, example, type Fixtures, inRepository, malformed, noWorkload, stepsOf } from "../../testing/fixtures";

const USES = "jobs.build.steps[0].uses";
const TAGS = { on: { push: { tags: ["v*"] } } };
const uses = (action: string, inputs = {}, rest: Record<string, unknown> = TAGS) =>
  stepsOf([{ uses: action, with: inputs }], {}, rest);
const cached = uses("actions/cache@v5", { path: "~/.npm" });
const release = (action: string, inputs = {}) =>
  stepsOf([{ uses: "actions/setup-go@v6" }, { uses: action, with: inputs }]);

export const fixtures: Fixtures = {
  pass: [
    example("a release without one", uses("actions/setup-go@v6", { cache: false })),
    example("a check with one", uses("actions/cache@v5", {}, { on: ["push", "pull_request"] })),
    example("a branch", uses("actions/cache@v5", {}, { on: { push: { branches: ["main"] } } })),
    example("looked at and not restored", uses("actions/cache@v5", { "lookup-only": true })),
    example("kept and not restored", uses("actions/cache/save@v5")),
    example(
      "tools without one",
      uses("actions/setup-python@v6"),
      uses("actions/setup-java@v5"),
      uses("astral-sh/setup-uv@v10"),
    ),
    example(
      "an expression that may switch it off",
      uses("actions/setup-go@v6", { cache: `\${{ github.ref_type != 'tag' }}` }),
    ),
    example("uv told what an older one did", uses("astral-sh/setup-uv@v10", { "enable-cache": "auto" })),
    example("Buildx as it is there", uses("docker/setup-buildx-action@v4")),
    example("Node told so", uses("actions/setup-node@v6", { "package-manager-cache": false })),
    example("an image that is not pushed", release("docker/build-push-action@v7", { push: false })),
    example("an image that nobody pushes", release("docker/build-push-action@v7")),
  ],
  fail: [
    broken("a tag", USES, cached),
    broken("a release", USES, uses("actions/cache@v5", {}, { on: "release" })),
    broken("a release among others", USES, uses("actions/cache@v5", {}, { on: ["push", "release"] })),
    broken(
      "a branch for releases",
      USES,
      uses("actions/cache@v5", {}, { on: { push: { branches: ["main", "Release/*"] } } }),
    ),
    broken("what publishes", USES, release("softprops/action-gh-release@v2")),
    broken("an image that is pushed", USES, release("docker/build-push-action@v7", { push: true })),
    broken("by itself", USES, uses("actions/setup-node@v6")),
    broken("because it is asked for", USES, uses("actions/setup-python@v6", { cache: "pip" })),
    broken("by yes", USES, uses("astral-sh/setup-uv@v10", { "enable-cache": true })),
    broken("by itself, in an older version", USES, uses("astral-sh/setup-uv@v9.1.0")),
    broken("a tool that is kept", USES, uses("docker/setup-buildx-action@v4", { version: "v0.30.0" })),
    broken("always", USES, uses("mozilla-actions/sccache-action@v1")),
    broken("in a repository's file", `content.${USES}`, inRepository(cached)),
  ],
  malformed: [
    malformed("events that are a number", "pass", uses("actions/cache@v5", {}, { on: 1 })),
    malformed("inputs that are a text", "fail", stepsOf([{ uses: "actions/cache@v5", with: "x" }], {}, TAGS)),
  ],
  wrongKind: [noWorkload(cached)],
};
