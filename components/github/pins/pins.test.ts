import { expect, test } from "vitest";
import { actionPins, pinned } from "./pins";

test("an action is written with its commit, and its tag stands beside it", () => {
  expect(pinned("actions/checkout")).toEqual({
    reference: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
    tag: "v7.0.1",
  });
});

test("an action in a folder of its repository has the repository's commit", () => {
  expect(pinned("github/codeql-action/init").reference).toMatch(/^github\/codeql-action\/init@ff2f1c621b7f/);
});

test("a pin of the caller comes first", () => {
  const own = { tag: "v7.0.2", sha: "a".repeat(40), inputs: {} };
  expect(pinned("actions/checkout", { "actions/checkout": own }).tag).toBe("v7.0.2");
  expect(pinned("acme/deploy", { "acme/deploy": own }).reference).toBe(`acme/deploy@${"a".repeat(40)}`);
});

test.each(["acme/deploy", "actions/checkuot", "", "toString", "actions/checkout@v7"])("%j has no pin", (action) => {
  expect(() => pinned(action)).toThrow(/^Action ".*" has no pin\. .*headgate pins update --file pins\.json ACTION\.$/);
});

test("a misspelt action is told the right one", () => {
  expect(() => pinned("actions/checkuot")).toThrow("Did you mean actions/checkout?");
});

test("every pin is a full commit beside a full version, and one commit stands for one repository", () => {
  const commits = new Map<string, Set<string>>();
  for (const [action, pin] of Object.entries(actionPins)) {
    expect(action).toMatch(/^[\w.-]+\/[\w.-]+(\/[\w./-]+)?$/);
    expect(pin.sha, action).toMatch(/^[0-9a-f]{40}$/);
    expect(pin.tag, action).toMatch(/^v\d+\.\d+\.\d+$/);
    const repository = action.split("/").slice(0, 2).join("/");
    commits.set(repository, (commits.get(repository) ?? new Set()).add(`${pin.tag} ${pin.sha}`));
  }
  for (const [repository, pins] of commits) expect([...pins], repository).toHaveLength(1);
});

test("an input named required has no default in the action's metadata", () => {
  expect(actionPins["aws-actions/configure-aws-credentials"]?.inputs["aws-region"]).toEqual({ required: true });
  expect(actionPins["docker/build-push-action"]?.inputs["context"]).toEqual({});
});
