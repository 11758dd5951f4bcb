import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { optionsOf } from "../cli/check/explain";
import { type Resource, RULES, type Rule, type Standard } from "../policy";
import { WAIVER_HYGIENE } from "../policy/core/waiver-hygiene";
import type { Example, Fixtures } from "../policy/testing/fixtures";
import { checkout } from "./paths";

const introduction = `# Policies

What Headgate's rules want, why, and which published texts they come from. \`headgate check\` (docs/check.md) and the policy pack (policy/README.md) judge by them. [policies-corpus.md](policies-corpus.md) tells how they do on objects that others wrote.

Levels stand for development, staging and production: \`mandatory\` stops, \`advisory\` is told, \`off\` is not looked for. Without an environment, production's hold.

This page is generated from the rules and their examples, which are run as tests.
`;

/** The page that tells every rule with an example that breaks it and one that meets it. */
export async function policiesPage(): Promise<string> {
  const rules = [...RULES].sort((a, b) => (a.id < b.id ? -1 : 1));
  const sections = await Promise.all(rules.map(section));
  return [introduction, overview(rules), coverage(rules), "## The rules\n", ...sections, hygiene()].join("\n");
}

function overview(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, title, severity, levels }) => {
    const { development, staging, production } = levels;
    return `| [${id}](#${id}) | ${cell(title)} | ${severity} | ${development} | ${staging} | ${production} |`;
  });
  const head =
    "| rule | what holds | severity | development | staging | production |\n| --- | --- | --- | --- | --- | --- |";
  return `## Overview\n\n${rules.length} rules, and ${WAIVER_HYGIENE.id} for the waivers themselves.\n\n${head}\n${rows.join("\n")}\n`;
}

/** For each published text, which of its sections a rule stands for. */
function coverage(rules: readonly Rule[]): string {
  const all = rules.flatMap((rule) => rule.standards.map((standard) => ({ rule, standard })));
  const byText = Map.groupBy(all, ({ standard }) => textOf(standard));
  const order = new Intl.Collator("en", { numeric: true });
  const tables = [...byText]
    .sort(([a], [b]) => order.compare(a, b))
    .map(([text, entries]) => {
      const bySection = Map.groupBy(entries, ({ standard }) => standard.section);
      const rows = [...bySection]
        .sort(([a], [b]) => order.compare(a, b))
        .map(
          ([name, found]) => `| ${cell(name)} | ${found.map(({ rule }) => `[${rule.id}](#${rule.id})`).join(", ")} |`,
        );
      return `### ${text}\n\n| section | rules |\n| --- | --- |\n${rows.join("\n")}\n`;
    });
  return `## Coverage by standard\n\nOnly sections that a rule stands for are listed; a text has more.\n\n${tables.join("\n")}`;
}

async function section(rule: Rule): Promise<string> {
  const { pass, fail } = await fixturesOf(rule.id);
  const [bad, good] = [fail[0], pass[0]];
  if (bad === undefined || good === undefined) throw new Error(`${rule.id} has no examples.`);
  const standards = rule.standards.map((standard) => `${textOf(standard)}: ${standard.section}`);
  const options = optionsOf(rule);
  const facts = [
    `- Severity ${rule.severity}. ${rule.scope === "stack" ? "Looks at all resources together." : `Looks at ${rule.model.name}.`}`,
    ...(standards.length > 0 ? [`- From ${standards.join("; ")}.`] : []),
    ...(rule.adds === undefined ? [] : [`- A pack that is told to remediate adds ${rule.adds}.`]),
    ...options.map(({ name, text }) => `- Option \`${name}\`: ${text}.`),
  ];
  const broken = `Broken at ${[...new Set(bad.paths)].map((path) => (path === "" ? "the resource" : `\`${path}\``)).join(", ")}`;
  return [
    `### ${rule.id}`,
    prose(`${rule.title}. ${rule.why}`),
    facts.join("\n"),
    prose(rule.remediation),
    `${broken}, ${bad.about}:`,
    shown(bad),
    `Met, ${good.about}:`,
    `${shown(good)}\n`,
  ].join("\n\n");
}

function shown({ resources, options }: Example): string {
  const settings = options === undefined ? [] : [`# options: ${JSON.stringify(options)}\n`];
  return [...settings, ...resources.map(document)].map((text) => `\`\`\`yaml\n${text}\`\`\``).join("\n\n");
}

function document({ type, name, properties }: Resource): string {
  const plain: unknown = JSON.parse(JSON.stringify(properties ?? {}));
  return `# ${type} ${name}\n${stringify(plain, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}

async function fixturesOf(id: string): Promise<Fixtures> {
  const folder = join(checkout, "policy", "rules");
  const file = globSync("*/*.fixtures.ts", { cwd: folder }).find((each) => basename(each) === `${id}.fixtures.ts`);
  if (file === undefined) throw new Error(`${id} has no fixtures.`);
  return ((await import(join(folder, file))) as { fixtures: Fixtures }).fixtures;
}

const hygiene = (): string =>
  `### ${WAIVER_HYGIENE.id}\n\n${WAIVER_HYGIENE.title}. ${WAIVER_HYGIENE.why}\n\n${WAIVER_HYGIENE.remediation}\n`;

const textOf = ({ name, version }: Standard): string => (version === undefined ? name : `${name} ${version}`);
const prose = (text: string): string => text.replace(/</g, "&lt;");
const cell = (text: string): string => prose(text).replace(/\|/g, "\\|");
