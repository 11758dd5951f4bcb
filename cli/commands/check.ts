import { parseArgs } from "node:util";
import { actionPins } from "../../components/github/pins/pins";
import { parseSettings, parseWaivers, RULES, type Settings } from "../../policy";
import { ENVIRONMENTS } from "../../policy/core/level";
import { SettingsError } from "../../policy/core/settings";
import { readBaseline, writeBaseline } from "../check/baseline";
import { readCompose } from "../check/compose";
import { explain } from "../check/explain";
import { InputError } from "../check/files";
import { FORMATS } from "../check/formats";
import { HELP } from "../check/help";
import { type Input, together } from "../check/input";
import { readManifests } from "../check/manifests";
import { type Judging, reportOf } from "../check/report";
import { readState } from "../check/state";
import { readTerraformPlan } from "../check/terraform-plan";
import { isStopping } from "../check/told";
import { readWorkflows } from "../check/workflows";
import { GITHUB, readYaml } from "../check/yaml";
import { type Command, UsageError } from "../command";

/** Judges manifests, workflows, Compose files, plans and states by the policies. */
export const check: Command = {
  name: "check",
  summary: "judge manifests, workflows, Compose files, plans and states by the policies",
  help: HELP,
  run,
};

const text = { type: "string" } as const;
const files = { type: "string", multiple: true } as const;

/** Sources of resources by their option. */
const SOURCES: Readonly<Record<string, (names: readonly string[]) => Input>> = {
  manifests: readManifests,
  workflows: readWorkflows,
  compose: readCompose,
  "terraform-plan": readTerraformPlan,
  state: readState,
};

const options = {
  manifests: files,
  workflows: files,
  compose: files,
  "terraform-plan": files,
  state: files,
  environment: text,
  settings: text,
  waivers: text,
  baseline: text,
  "write-baseline": text,
  format: text,
  explain: text,
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Values = ReturnType<typeof read>["values"];
const read = (args: string[]) => parseArgs({ args: spread(args), allowPositionals: true, options });

/** `--manifests a b` as `--manifests a --manifests b`: shells expand patterns into words. */
function spread(args: readonly string[]): string[] {
  let source: string | undefined;
  let free = false;
  return args.flatMap((arg) => {
    if (arg.startsWith("--")) {
      const name = arg.slice(2);
      source = Object.hasOwn(SOURCES, name) ? arg : undefined;
      free = true;
      return [arg];
    }
    if (source === undefined || free) {
      free = false;
      return [arg];
    }
    return [source, arg];
  });
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = read(args);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length > 0) {
    throw wrong(`${JSON.stringify(positionals[0])} belongs to no option. Say what it is: --manifests, for example.`);
  }
  if (values.explain !== undefined) {
    console.log(explain(values.explain, RULES));
    return 0;
  }
  const format = formatOf(values);
  if (values.baseline !== undefined && values["write-baseline"] !== undefined) {
    throw wrong("--baseline and --write-baseline exclude each other. Write the new one without the old.");
  }
  const settings = settingsOf(values);
  const judging = judgingOf(values);
  const inputs = Object.entries(SOURCES).flatMap(([option, readSource]) => {
    const names = values[option as keyof Values];
    return Array.isArray(names) ? [readSource(names)] : [];
  });
  if (inputs.length === 0) throw new UsageError(HELP);
  const report = reportOf(together(inputs), RULES, settings, judging);
  if (values["write-baseline"] !== undefined) {
    const count = writeBaseline(values["write-baseline"], report.findings);
    console.log(`${values["write-baseline"]}: ${count === 1 ? "1 finding" : `${count} findings`} written`);
    return 0;
  }
  console.log(format(report));
  return report.findings.some(isStopping) ? 1 : 0;
}

function formatOf({ format, json }: Values): (typeof FORMATS)[string] {
  if (json && format !== undefined && format !== "json") throw wrong("--json and --format exclude each other.");
  const name = format ?? (json ? "json" : "text");
  const found = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (found === undefined) throw wrong(`--format is not known. ${chooseOf(Object.keys(FORMATS), name)}`);
  return found;
}

function settingsOf({ settings: file, environment }: Values): Settings {
  const known: readonly string[] = ENVIRONMENTS;
  if (environment !== undefined && !known.includes(environment)) {
    throw wrong(`--environment is not known. ${chooseOf(known, environment)}`);
  }
  const told = file === undefined ? {} : only(file).value;
  const input =
    environment === undefined || typeof told !== "object" || Array.isArray(told) ? told : { ...told, environment };
  return checked(file ?? "the settings", () => withPins(parseSettings(input, RULES)));
}

/** Versions whose commit Headgate knows are judged by it, beside those that the user knows. */
function withPins(settings: Settings): Settings {
  const id = "wf-version-mismatch";
  const own: Record<string, Record<string, string>> = {};
  for (const [action, { tag, sha }] of Object.entries(actionPins)) {
    own[action.split("/").slice(0, 2).join("/").toLowerCase()] = { [tag]: sha };
  }
  const given = settings.options.get(id) as { pins: typeof own };
  const options = new Map(settings.options).set(id, { ...given, pins: { ...own, ...given.pins } });
  return { ...settings, options };
}

function judgingOf({ waivers: file, baseline }: Values): Judging {
  const given = file === undefined ? undefined : only(file);
  return {
    ...(baseline !== undefined && { baseline: readBaseline(baseline) }),
    ...(file !== undefined &&
      given !== undefined && {
        waivers: checked(file, () => parseWaivers(given.value, RULES, file)),
        waiverPlace: (path: string) => given.place(path),
      }),
  };
}

/** The document of a file that has to have one. */
function only(file: string) {
  const [document, ...others] = readYaml(file, GITHUB);
  if (document === undefined || others.length > 0) {
    throw new InputError(`${file}: holds ${document === undefined ? "no document" : "several documents"} and not one.`);
  }
  return document;
}

/** What is wrong with settings or waivers, with the file before it. */
function checked<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new InputError(error.problems.map((problem) => `${file}: ${problem}`).join("\n"));
  }
}

const wrong = (message: string) => new UsageError(`headgate check: ${message}`);

const chooseOf = (names: readonly string[], got: string): string =>
  `Choose one of ${names.join(", ")} (got ${JSON.stringify(got)}).`;
