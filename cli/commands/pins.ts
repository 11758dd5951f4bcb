import { parseArgs } from "node:util";
import type { ActionPins } from "../../components/github/pins/pins";
import { actionName } from "../../components/github/pins/pins-file";
import { parseDuration } from "../../components/model/duration";
import { type Command, UsageError } from "../command";
import { GitHub } from "../pins/github";
import { HELP } from "../pins/help";
import { type Resolution, type ResolveOptions, resolve, type Wanted, wantedOf } from "../pins/resolve";
import { openStore, save } from "../pins/store";

/** Renews the commits that actions are pinned to. */
export const pins: Command = {
  name: "pins",
  summary: "renew the commits that the actions of generated workflows are pinned to",
  help: HELP,
  run,
};

/** Actions looked up side by side. */
const AT_ONCE = 4;

const options = {
  file: { type: "string" },
  major: { type: "boolean", default: false },
  cooldown: { type: "string", default: "7d" },
  check: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [verb, ...names] = positionals;
  if (verb !== "update") throw new UsageError(HELP);
  const wanted = names.map(wantedOrRefuse);
  const resolveOptions = { major: values.major, cooldownSeconds: secondsOf(values.cooldown), now: new Date() };
  const github = new GitHub({ ...address(), tell: (line) => console.error(line) });
  const store = await openStore(values.file);
  const all = wanted.length > 0 ? wanted : Object.keys(store.pins).map((action) => ({ action }));
  const found = await lookUp(github, all, store.pins, resolveOptions);

  const renewed = found.flatMap(({ action, to }) => (to === undefined ? [] : [[action, to] as const]));
  const changed = found.filter(({ from, to }) => to !== undefined && JSON.stringify(to) !== JSON.stringify(from));
  const text = store.textOf({ ...store.pins, ...Object.fromEntries(renewed) });
  const written = !values.check && text !== store.text;
  if (written) await save(store.file, text);
  console.log(values.json ? JSON.stringify(found, undefined, 2) : textOf(found, written ? store.file : undefined));
  const problems = found.filter(({ problem }) => problem !== undefined);
  return problems.length > 0 || (values.check && changed.length > 0) ? 1 : 0;
}

function wantedOrRefuse(text: string): Wanted {
  const wanted = wantedOf(text, (name) => actionName.test(name));
  if (wanted !== undefined) return wanted;
  throw new UsageError(
    `ACTION must be an owner, a repository and perhaps a path, with a full version or none (got ${JSON.stringify(text)}). ` +
      "Write actions/checkout or actions/checkout@v7.0.1.",
  );
}

function secondsOf(cooldown: string): number {
  try {
    return parseDuration(cooldown);
  } catch (error) {
    throw new UsageError(`--cooldown: ${error instanceof Error ? error.message : error}`);
  }
}

function address(): { url: string; token: string | undefined } {
  const url = process.env["GITHUB_API_URL"] || "https://api.github.com";
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.search !== "") {
    throw new UsageError('GITHUB_API_URL must be an address such as "https://github.example.com/api/v3".');
  }
  return { url: url.replace(/\/+$/, ""), token: process.env["GITHUB_TOKEN"] || undefined };
}

/** All of them, a few at once; when nothing can be looked up, each stops at its first. */
async function lookUp(
  github: GitHub,
  wanted: readonly Wanted[],
  known: ActionPins,
  resolveOptions: ResolveOptions,
): Promise<Resolution[]> {
  const found: Resolution[] = [];
  const waiting = wanted.entries();
  const errors: unknown[] = [];
  let done = 0;
  const work = async () => {
    for (const [index, each] of waiting) {
      found[index] = await resolve(github, each, known, resolveOptions);
      console.error(`[${++done}/${wanted.length}] ${each.action}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => work().catch((error: unknown) => errors.push(error))));
  if (errors.length > 0) throw errors[0];
  return found;
}

function textOf(found: readonly Resolution[], file: string | undefined): string {
  const width = Math.max(...found.map(({ action }) => action.length)) + 2;
  const lines = found.flatMap(({ action, from, to, problem, notes }) => {
    const versions = [...new Set([from?.tag, to?.tag].filter((tag) => tag !== undefined))].join(" → ");
    const told = problem === undefined ? versions : `${from?.tag ?? ""} problem: ${problem}`.trim();
    return [`${action.padEnd(width)}${told}`, ...notes.map((note) => `${"".padEnd(width)}${note}`)];
  });
  const changed = found.filter(({ from, to }) => to !== undefined && to.sha !== from?.sha).length;
  const problems = found.filter(({ problem }) => problem !== undefined).length;
  const counts = `${count(changed, "newer pin")}, ${count(problems, "problem")}`;
  return [...lines, file === undefined ? counts : `${counts}, written to ${file}`].join("\n");
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;
