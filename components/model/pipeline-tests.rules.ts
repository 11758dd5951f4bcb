import { elementsOf, isObject, part } from "./anything";
import { OnBadDeployment } from "./environment";
import type { Toolchain } from "./pipeline";
import type { Checks, Tests } from "./pipeline-tests";
import { describeValue, joinPath, type Problem } from "./problem";
import { repeated, unknownName } from "./references";

/** The part of the toolchain that each tool needs. */
const needs = new Map<unknown, keyof Toolchain>([
  ["ruff", "python"],
  ["black", "python"],
  ["flake8", "python"],
  ["mypy", "python"],
  ["pyright", "python"],
  ["biome", "node"],
  ["eslint", "node"],
  ["prettier", "node"],
  ["tsc", "node"],
]);

/** The problem of something that cannot run without a part of the toolchain. */
export function withoutToolchain(
  toolchain: Toolchain | undefined,
  needed: keyof Toolchain | undefined,
  path: string,
  got: unknown,
): Problem[] {
  if (needed === undefined || part(toolchain, needed) !== undefined) return [];
  const example = needed === "node" ? '{ versions: ["24"] }' : '{ versions: ["3.13"] }';
  const fix = `Add toolchain.${needed}: ${example}, for example`;
  return [{ path, problem: `needs toolchain.${needed}`, got: describeValue(got), fix }];
}

/** Problems of lint or types. */
export function checksRules(checks: Checks | undefined, toolchain: Toolchain | undefined, path: string): Problem[] {
  if (!isObject(checks)) return [];
  const tools = elementsOf(checks.tools);
  if (tools.length === 0 && elementsOf(checks.commands).length === 0) {
    return [
      { path, problem: "checks nothing: it has no tools and no commands", fix: 'Add tools: ["ruff"], for example' },
    ];
  }
  return [
    ...repeated(checks.tools, `${path}.tools`),
    ...tools.flatMap((tool, index) =>
      withoutToolchain(toolchain, needs.get(tool), joinPath(path, "tools", index), tool),
    ),
  ];
}

/** Problems between tests. `environments` are the names they may choose from; undefined where those are not known. */
export function testsRules(tests: Tests | undefined, path: string, environments?: readonly string[]): Problem[] {
  if (!isObject(tests)) return [];
  const problems: Problem[] = [];
  if (tests.coverage !== undefined && tests.unit === undefined) {
    const fix = 'Add unit: { command: "npm test" }, for example, or remove it';
    problems.push({ path: `${path}.coverage`, problem: "has nothing to measure without unit", fix });
  }
  const smoke = tests.smoke;
  if (part(smoke, "onFailure") === OnBadDeployment.rollback && part(smoke, "environment") === undefined) {
    problems.push({
      path: `${path}.smoke.onFailure`,
      problem: "cannot roll anything back without environment",
      got: describeValue(OnBadDeployment.rollback),
      fix: 'Add environment: "production", for example',
    });
  }
  const names = ["unit", "integration", "api", "e2e", "smoke", "performance"] as const;
  for (const name of names) {
    const suite = tests[name];
    if (name !== "performance") problems.push(...repeated(part(tests[name], "secrets"), `${path}.${name}.secrets`));
    if (environments === undefined) continue;
    const environment = part(suite, "environment");
    problems.push(...unknownName(environment, environments, "environments", `${path}.${name}.environment`));
  }
  return problems;
}
