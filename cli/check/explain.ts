import { z } from "zod";
import type { Rule } from "../../policy";
import { closest } from "../../policy/core/settings";
import { WAIVER_HYGIENE } from "../../policy/core/waiver-hygiene";
import { UsageError } from "../command";
import { standardText } from "./formats/words";

/**
 * What a rule wants and why, by its id, or those that stand for one check of another tool, by the check's name.
 * @throws UsageError where there is no such rule.
 */
export function explain(id: string, rules: readonly Rule[]): string {
  const all = [...rules, WAIVER_HYGIENE];
  const own = all.filter((each) => each.id === id);
  const found = own.length > 0 ? own : all.filter(({ standards }) => standards.some(({ section }) => section === id));
  if (found.length === 0) {
    const hint = closest(
      id,
      rules.map((each) => each.id),
    );
    throw new UsageError(`headgate check: --explain ${JSON.stringify(id)} names no rule. ${hint}`);
  }
  return found.map(explained).join("\n\n");
}

function explained(rule: Rule | typeof WAIVER_HYGIENE): string {
  const levels = Object.entries(rule.levels).map(([environment, level]) => `${environment} ${level}`);
  return [
    `${rule.id}: ${rule.title}`,
    "",
    `  why        ${rule.why}`,
    `  fix        ${rule.remediation}`,
    `  severity   ${rule.severity}`,
    `  levels     ${levels.join(", ")}`,
    ...("model" in rule ? [`  looks at   ${rule.model.name}`] : []),
    ...rule.standards.map((each, index) => `  ${(index === 0 ? "from" : "").padEnd(10)} ${standardText(each)}`),
    ...("adds" in rule ? [`  a pack can add ${rule.adds}`] : []),
    ...optionLines(rule),
  ].join("\n");
}

function optionLines(rule: Rule | typeof WAIVER_HYGIENE): string[] {
  if (!("options" in rule) || rule.options === undefined) return [];
  return optionsOf(rule).map(
    ({ name, text }, index) => `  ${(index === 0 ? "options" : "").padEnd(10)} ${name}: ${text}`,
  );
}

/** The options of a rule with what they may be and their defaults. */
export function optionsOf({ options }: Pick<Rule, "options">): { name: string; text: string }[] {
  if (options === undefined) return [];
  const { properties = {} } = z.toJSONSchema(options, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, { description?: string; default?: unknown; enum?: unknown[]; type?: string }>;
  };
  return Object.entries(properties).map(([name, { description, default: preset, enum: values, type }]) => {
    const what = description ?? (values === undefined ? (type ?? "any value") : values.map(String).join(" or "));
    return { name, text: preset === undefined ? what : `${what}. Defaults to ${JSON.stringify(preset)}` };
  });
}
