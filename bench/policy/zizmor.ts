import { spawnSync } from "node:child_process";
import { InputError } from "../../cli/check/files";
import { readWorkflows } from "../../cli/check/workflows";
import { keysOfPath } from "../../cli/places";
import { type Finding, judge } from "../../policy";
import { parseSettings } from "../../policy/core/settings";
import { RULES } from "../../policy/rules";

const USAGE = `usage: tsx bench/policy/zizmor.ts FOLDER... [--audit NAME]
Compares the workflow rules with zizmor (PyPI, on the PATH) finding by finding. Folders are repositories or hold workflows.
--audit lists where the two differ in one audit.`;

type Keys = readonly (string | number)[];

/** What one of the two tells: an audit and a place. */
interface Told {
  audits: readonly string[];
  place: string;
  text: string;
  /** Whether zizmor tells it by default, without `--persona`. */
  isRegular: boolean;
}

/** A file, and in it the job and the step, or one right: finer than that the two do not agree on where a fault is. */
function placeOf(file: string, keys: Keys, audit: string | undefined, isDefault: boolean): string {
  // A workflow without rights is one fault, for zizmor one in each of its jobs too.
  if (isDefault) return file;
  const right = keys.indexOf("permissions");
  const job = keys[0] === "jobs" ? keys.slice(1, 2) : [];
  const step = keys[2] === "steps" && audit !== "secrets-outside-env" ? keys.slice(3, 4) : [];
  return [file, ...job, ...step, ...(right >= 0 ? keys.slice(right) : [])].join(" ");
}

interface ZizmorFinding {
  ident: string;
  determinations: { persona: string };
  locations: {
    symbolic: { kind: string; annotation: string; key: { Local: { verbatim_path: string } }; route: Route };
  }[];
}
interface Route {
  route: ({ Key: string } | { Index: number })[];
}

function zizmor(folders: readonly string[]): Told[] {
  const options = ["--persona=auditor", "--offline", "--no-config", "--no-progress", "--quiet", "--format=json"];
  const { stdout, error } = spawnSync("zizmor", [...options, ...folders], { encoding: "utf8", maxBuffer: 2 ** 30 });
  if (error !== undefined) throw new Error(`zizmor does not run: ${error.message}. Install it: pip install zizmor.`);
  return (JSON.parse(stdout) as ZizmorFinding[]).flatMap(({ ident, locations, determinations }) =>
    locations
      .filter(({ symbolic }) => symbolic.kind === "Primary")
      .map(({ symbolic }) => {
        const keys = symbolic.route.route.map((each) => ("Key" in each ? each.Key : each.Index));
        const isDefault = symbolic.annotation.startsWith("default permissions");
        const place = placeOf(symbolic.key.Local.verbatim_path, keys, ident, isDefault);
        const isRegular = determinations.persona === "Regular";
        return { audits: [ident], place, text: symbolic.annotation, isRegular };
      }),
  );
}

function ours(folders: readonly string[]): Told[] {
  const resources = folders.flatMap((name) => {
    try {
      return readWorkflows([name]).resources;
    } catch (error) {
      // What one of the two cannot read is not compared.
      if (!(error instanceof InputError)) throw error;
      console.error(error.message);
      return [];
    }
  });
  return judge(resources, RULES, parseSettings({}, RULES)).map((finding) => {
    const { resource, path, rule, message } = finding;
    const audits = auditsOf(finding);
    const place = placeOf(resource.file ?? "", keysOfPath(path), audits[0], message.includes("repository's default"));
    return { audits, place, text: `${rule}: ${message}`, isRegular: true };
  });
}

/** What tells the audits of one rule apart, by a finding's path or message. */
const APART: Readonly<Record<string, RegExp>> = {
  "secrets-inherit": /\.secrets:/,
  "unpinned-images": /runs an image/,
  artipacked: /persist-credentials/,
  "hardcoded-container-credentials": /password in the file/,
  "use-trusted-publishing": /gh-action-pypi-publish/,
  "dangerous-triggers": /fetches code/,
  "undocumented-permissions": /a right without/,
  "insecure-commands": /ACTIONS_ALLOW/,
  "adhoc-packages": /installs something/,
};

/** The audits that a finding stands for: of a rule with several, those that it fits, or those that nothing fits. */
function auditsOf({ standards, path, message }: Finding): string[] {
  const audits = standards.filter(({ name }) => name === "zizmor").map(({ section }) => section);
  if (audits.length < 2) return audits;
  const fitting = audits.filter((audit) => APART[audit]?.test(`${path}:${message}`));
  return fitting.length > 0 ? fitting : audits.filter((audit) => APART[audit] === undefined);
}

function main(args: string[]): void {
  const at = args.indexOf("--audit");
  const only = at < 0 ? undefined : args[at + 1];
  const folders = at < 0 ? args : args.slice(0, at);
  if (folders.length === 0) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const [theirs, own] = [zizmor(folders), ours(folders)];
  const known = new Set(
    RULES.flatMap(({ standards }) => standards.filter(({ name }) => name === "zizmor")).map(({ section }) => section),
  );
  const audits = new Set([...theirs.flatMap((told) => told.audits), ...known]);
  if (only === undefined) console.log(ROW("audit", "both", "zizmor alone, by default", "with a persona", "here alone"));
  for (const audit of [...audits].sort()) {
    const of = (told: readonly Told[]) =>
      new Map(told.filter((each) => each.audits.includes(audit)).map((each) => [each.place, each]));
    const [a, b] = [of(theirs), of(own)];
    const missed = [...a.values()].filter(({ place }) => !b.has(place));
    const more = [...b.values()].filter(({ place }) => !a.has(place));
    if (only === undefined) {
      const regular = missed.filter(({ isRegular }) => isRegular).length;
      const name = known.has(audit) ? audit : `${audit} (no rule)`;
      console.log(ROW(name, a.size - missed.length, regular, missed.length - regular, more.length));
    } else if (only === audit) {
      for (const { place, text, isRegular } of missed) console.log(`zizmor${isRegular ? "" : "*"} ${place}: ${text}`);
      for (const { place, text } of more) console.log(`here ${place}: ${text}`);
    }
  }
}

const ROW = (name: string, ...counts: readonly (string | number)[]): string =>
  [name.padEnd(42), ...counts.map((count) => String(count).padStart(String(count).length > 6 ? 0 : 8))].join("  ");

main(process.argv.slice(2));
