import { z } from "zod";
import type { Rule } from "../core/rule";
import { closest, parseSettings, problemsOf, type Settings, SettingsError } from "../core/settings";
import { parseWaivers, type Waivers } from "../core/waiver";

/** What a policy pack is told: the settings, and waivers beside them, both from the file that is reviewed. */
export interface PackConfig {
  settings: Settings;
  waivers: Waivers;
  /** Rules whose findings are remediated, where the engine's level for the policy says so. */
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

export function packConfig(config: object, tag: string | undefined, rules: readonly Rule[]): PackConfig {
  const { waivers, remediate, ...rest } = config as { waivers?: unknown; remediate?: unknown };
  const settings = "environment" in rest || tag === undefined ? rest : { ...rest, environment: tag };
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
  return {
    settings: checked((input = settings) => parseSettings(input, rules), {}),
    waivers: checked((input = { waivers: waivers ?? [] }) => parseWaivers(input, rules), { waivers: [] }),
    remediated: checked((input = remediate) => parseRemediated(input, rules), []),
    problems,
  };
}

const ids = z.array(z.string());

/** @throws SettingsError with every problem. */
function parseRemediated(input: unknown, rules: readonly Rule[]): ReadonlySet<string> {
  const able = rules.flatMap(({ id, adds }) => (adds === undefined ? [] : [id]));
  const parsed = ids.default(able).safeParse(input);
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error, ["remediate"]));
  const problems = parsed.data.flatMap((id, index) => {
    if (able.includes(id)) return [];
    const known = rules.some((rule) => rule.id === id);
    const hint = known ? `Rules that can add what is missing: ${able.join(", ")}.` : closest(id, able);
    return [`remediate[${index}] names ${known ? "a rule that has no remediation" : "no rule"}. ${hint}`];
  });
  if (problems.length > 0) throw new SettingsError(problems);
  return new Set(parsed.data);
}

/** Names in the configuration are the user's, so that text and not a value is told. */
export const problemText = (problems: readonly string[]): string =>
  `The policies' configuration is wrong, so the defaults for production hold. ${problems.join(" ")}`;
