import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { isRelease, isTrue } from "../../model/release-jobs";
import { uses, workflow } from "../../model/workflow";

type Restores = (input: (name: string) => unknown) => boolean;

const on =
  (name: string): Restores =>
  (input) =>
    isTrue(input(name));
const unless =
  (name: string): Restores =>
  (input) =>
    String(input(name) ?? false).toLowerCase() !== "true";
const unlessFalse =
  (name: string): Restores =>
  (input) =>
    String(input(name) ?? true).toLowerCase() !== "false";
const named: Restores = (input) => ![undefined, "", false].includes(input("cache") as string | undefined);

/** Actions that put back what an earlier run left in a cache, and when. Source: the action.yml of each. */
const CACHES: readonly (readonly [action: string, restores: Restores])[] = [
  ["actions-rust-lang/setup-rust-toolchain", unlessFalse("cache")],
  ["actions/cache", unless("lookup-only")],
  ["actions/cache/restore", unless("lookup-only")],
  ["actions/setup-dotnet", on("cache")],
  ["actions/setup-go", unlessFalse("cache")],
  ["actions/setup-java", named],
  // Finds the package manager in package.json by itself, from version 5.
  ["actions/setup-node", (input) => named(input) || unlessFalse("package-manager-cache")(input)],
  ["actions/setup-python", named],
  // Version 10 and later ask for it to be said.
  ["astral-sh/setup-uv", on("enable-cache")],
  ["awalsh128/cache-apt-pkgs-action", () => true],
  ["graalvm/setup-graalvm", named],
  ["gradle/actions/setup-gradle", unless("cache-disabled")],
  ["jdx/mise-action", unlessFalse("cache")],
  ["mlugg/setup-zig", unlessFalse("use-cache")],
  ["mozilla-actions/sccache-action", () => true],
  ["nix-community/cache-nix-action", () => true],
  ["oven-sh/setup-bun", unless("no-cache")],
  ["pyo3/maturin-action", on("sccache")],
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
          () =>
            CACHES.some(([action, restores]) => uses(step, [action]) && restores(inputsOf(step))) &&
            isRelease(model, job),
        );
      }
    }
  },
});

const inputsOf =
  (step: Part) =>
  (name: string): unknown =>
    step.at("with").entry(name).read();
