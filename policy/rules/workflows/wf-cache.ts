import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { isRelease } from "../../model/release-jobs";
import { useOf, versionUsed, type Workflow, workflow } from "../../model/workflow";

/** Whether an action restores a cache with these inputs, in lower case, in a version. */
type Restores = (input: (name: string) => string, major: number | undefined) => boolean;

const on =
  (name: string): Restores =>
  (input) =>
    !["", "false"].includes(input(name));
const unless =
  (name: string): Restores =>
  (input) =>
    !["true", "yes", "1"].includes(input(name));
const unlessFalse =
  (name: string): Restores =>
  (input) =>
    input(name) !== "false";

/** Actions that put back what an earlier run left in a cache, and when. Source: the action.yml of each. */
const CACHES: readonly (readonly [action: string, restores: Restores])[] = [
  ["actions-rust-lang/setup-rust-toolchain", unlessFalse("cache")],
  ["actions/cache", unless("lookup-only")],
  ["actions/cache/restore", unless("lookup-only")],
  ["actions/setup-dotnet", on("cache")],
  ["actions/setup-go", unlessFalse("cache")],
  ["actions/setup-java", on("cache")],
  // Finds the package manager in package.json by itself, from version 5.
  ["actions/setup-node", (input) => input("cache") !== "" || input("package-manager-cache") !== "false"],
  ["actions/setup-python", on("cache")],
  // Up to version 9 by itself, on GitHub's runners.
  [
    "astral-sh/setup-uv",
    (input, major = 10) => input("enable-cache") === "true" || (major < 10 && input("enable-cache") !== "false"),
  ],
  ["awalsh128/cache-apt-pkgs-action", () => true],
  // A version that is asked for is downloaded, and kept.
  ["docker/setup-buildx-action", (input) => input("version") !== "" && input("cache-binary") !== "false"],
  ["graalvm/setup-graalvm", on("cache")],
  ["gradle/actions/setup-gradle", unless("cache-disabled")],
  ["jdx/mise-action", unlessFalse("cache")],
  ["mlugg/setup-zig", unlessFalse("use-cache")],
  ["mozilla-actions/sccache-action", () => true],
  ["nix-community/cache-nix-action", () => true],
  ["oven-sh/setup-bun", unless("no-cache")],
  ["pyo3/maturin-action", on("sccache")],
  ["ramsey/composer-install", unless("ignore-cache")],
  ["ruby/setup-ruby", on("bundler-cache")],
  ["swatinem/rust-cache", unless("lookup-only")],
];

export const wfCache = defineRule({
  id: "wf-cache",
  title: "What is released is built without a cache",
  severity: "medium",
  standards: zizmor("cache-poisoning"),
  levels: levels("off", "advisory"),
  model: workflow,
  why: "Whoever runs code in any workflow of the default branch can write to the cache. What a release takes from there goes to all users.",
  remediation: "Switch the cache off in jobs that build what is published, or restore none there.",
  *check(model) {
    for (const job of model.jobs) {
      for (const step of job.steps) {
        yield step.fails(
          "takes a cache into what is released",
          step.at("uses"),
          () => restoresCache(model, step) && isRelease(model, job),
        );
      }
    }
  },
});

function restoresCache(model: Workflow, step: Part): boolean {
  const use = useOf(step);
  const restores = CACHES.find(([action]) => action === use?.name)?.[1];
  if (use === undefined || restores === undefined) return false;
  const version = versionUsed(model, step, use);
  const major = version === undefined ? undefined : Number(/\d+/.exec(version)?.[0]);
  let isOpen = false;
  const found = restores((name) => {
    const text = String(step.at("with").entry(name).read() ?? "");
    // An expression may switch it off for releases.
    isOpen ||= text.includes("${{");
    return text.toLowerCase();
  }, major);
  return found && !isOpen;
}
