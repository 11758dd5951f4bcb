import { z } from "zod";
import { ENVIRONMENTS, type Environment, LEVELS, type Level } from "./level";
import type { Rule } from "./rule";

/** What a user sets. Every field has a default. */
export interface Settings {
  /** Which of a rule's levels holds. Defaults to production, the strictest. */
  readonly environment: Environment;
  /** Levels in place of the rules' own, by id. */
  readonly levels: Readonly<Record<string, Level>>;
  /** Options of rules, by id, complete and checked. */
  readonly options: ReadonlyMap<string, unknown>;
  /** The level of a finding that a value is not known yet, at most the rule's own. Defaults to advisory. */
  readonly unknown: "advisory" | "mandatory";
}

/** Something wrong with settings or waivers: every problem in a line of its own. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

const shape = z.strictObject({
  environment: z.enum(ENVIRONMENTS).default("production"),
  levels: z.record(z.string(), z.enum(LEVELS)).default({}),
  options: z.record(z.string(), z.unknown()).default({}),
  unknown: z.enum(["advisory", "mandatory"]).default("advisory"),
});

/**
 * Checks what a user set, against the rules that exist.
 * @throws SettingsError with every problem.
 */
export function parseSettings(input: unknown, rules: readonly Rule[]): Settings {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const parsed = shape.safeParse(input ?? {});
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error, []));
  const { environment, levels, options, unknown } = parsed.data;
  const problems: string[] = [];
  const checked = new Map<string, unknown>();
  for (const [where, map] of Object.entries({ levels, options })) {
    for (const id of Object.keys(map)) {
      if (!known.has(id)) problems.push(`${where}.${id} names no rule. ${closest(id, [...known.keys()])}`);
    }
  }
  for (const { id, options: schema } of rules) {
    const result = schema?.safeParse(options[id] ?? {});
    if (result?.success) checked.set(id, result.data);
    else if (result !== undefined) problems.push(...problemsOf(result.error, ["options", id]));
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return { environment, levels, options: checked, unknown };
}

/** One line for each problem, without the values. */
export function problemsOf(error: z.ZodError, before: readonly PropertyKey[]): string[] {
  return error.issues.map((issue) => {
    const path = [...before, ...issue.path].map(String).join(".");
    return `${path === "" ? "settings" : path}: ${issue.message}.`;
  });
}

/** A hint at the name that was meant. */
export function closest(wrong: string, names: readonly string[]): string {
  const words = wrong.toLowerCase().split(/[^a-z0-9]+/);
  const likely = names.filter((name) => words.some((word) => word.length > 2 && name.includes(word)));
  return likely.length > 0 ? `Did you mean ${likely.slice(0, 3).join(" or ")}?` : "docs/policies.md lists the rules.";
}
