import { z } from "zod";
import { LEVELS, type Level } from "../core/level";
import type { Rule } from "../core/rule";
import { closest, parseSettings, problemsOf, type Settings, SettingsError } from "../core/settings";
import { parseWaivers, type Waivers } from "../core/waiver";

/** How the engine takes what a policy finds. */
export type Enforcement = "advisory" | "mandatory" | "remediate" | "disabled";

/** What the engine told the pack before it asks. */
export interface Told {
  /** Most that a finding gets: the level of the policy `headgate`. */
  enforcement: Enforcement;
  /** Settings of the policy `headgate`. */
  config: object;
  /** What was set of the policies that are rules. */
  rules: RuleSettings;
  /** Environment that the stack's tags name. */
  environment: string | undefined;
}

/** What was set under the names of rules, as for any policy. */
export interface RuleSettings {
  /** Most that a rule's finding gets, where that is less than the pack said of the rule. */
  most: Readonly<Record<string, Level>>;
  options: Readonly<Record<string, object>>;
  /** Those whose level is `remediate`. */
  remediate: readonly string[];
}

/** What that comes to. */
export interface PackConfig {
  settings: Settings;
  waivers: Waivers;
  /** Rules whose findings are remediated. */
  remediated: ReadonlySet<string>;
  /** What is wrong with the configuration. The defaults hold then, which are the strictest. */
  problems: readonly string[];
}

/** Tag of a stack that names its environment, where the configuration does not. */
export const ENVIRONMENT_TAG = "headgate:environment";

/** What the engine knows of the pack's keys; what is in them is checked here. */
export const CONFIG_SCHEMA = {
  properties: {
    environment: { type: "string", enum: ["development", "staging", "production"] },
    levels: { type: "object" },
    options: { type: "object" },
    unknown: { type: "string", enum: ["advisory", "mandatory"] },
    waivers: { type: "array" },
    remediate: { type: "array", items: { type: "string" } },
  },
} as const;

/** Options that are set for `headgate` come before those under a rule's own name. */
export function packConfig(told: Told, rules: readonly Rule[]): PackConfig {
  const { waivers, remediate, options, ...rest } = told.config as Record<string, unknown>;
  const { environment } = told;
  const settings = {
    ...("environment" in rest || environment === undefined ? rest : { ...rest, environment }),
    options: merged(told.rules.options, options),
  };
  const problems: string[] = [];
  const checked = <T>(check: (input?: unknown) => T, fallback: unknown): T => {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.push(...error.problems);
      return check(fallback);
    }
  };
  const able = rules.flatMap(({ id, adds }) => (adds === undefined ? [] : [id]));
  const listed = checked((input = remediate) => parseRemediated(input, able, rules), []);
  const parsed = checked((input = settings) => parseSettings(input, rules), {});
  const levels = { ...parsed.levels };
  for (const rule of rules) {
    const most = told.rules.most[rule.id];
    const level = levels[rule.id] ?? rule.levels[parsed.environment];
    if (most !== undefined && LEVELS.indexOf(most) < LEVELS.indexOf(level)) levels[rule.id] = most;
  }
  return {
    settings: { ...parsed, levels },
    waivers: checked((input = { waivers: waivers ?? [] }) => parseWaivers(input, rules), { waivers: [] }),
    remediated: new Set([
      ...(told.enforcement === "remediate" ? listed : []),
      ...told.rules.remediate.filter((id) => able.includes(id)),
    ]),
    problems,
  };
}

/** What is no map is left for the check to tell. */
function merged(own: object, given: unknown): unknown {
  if (given === undefined) return own;
  return typeof given === "object" && given !== null && !Array.isArray(given) ? { ...own, ...given } : given;
}

const ids = z.array(z.string());

/** @throws SettingsError with every problem. */
function parseRemediated(input: unknown, able: readonly string[], rules: readonly Rule[]): readonly string[] {
  const parsed = ids.default([...able]).safeParse(input);
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error, ["remediate"]));
  const problems = parsed.data.flatMap((id, index) => {
    if (able.includes(id)) return [];
    const known = rules.some((rule) => rule.id === id);
    const hint = known ? `Rules that can add what is missing: ${able.join(", ")}.` : closest(id, able);
    return [`remediate[${index}] names ${known ? "a rule that has no remediation" : "no rule"}. ${hint}`];
  });
  if (problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

/** Names in the configuration are the user's, so that text and not a value is told. */
export const problemText = (problems: readonly string[]): string =>
  `The policies' configuration is wrong, so the defaults for production hold. ${problems.join(" ")}`;
