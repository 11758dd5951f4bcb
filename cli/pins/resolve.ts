import { gt, major, rcompare } from "semver";
import type { ActionPin, ActionPins } from "../../components/github/pins/pins";
import { isVersionTag } from "../../components/github/pins/pins-file";
import { type Facts, PinProblem } from "./github";
import { readMetadata } from "./metadata";
import { Repository } from "./repository";

/** An action to look up. */
export interface Wanted {
  readonly action: string;
  /** The one version to pin, chosen by a person: neither the major version nor the age is asked. */
  readonly tag?: string;
}

export interface ResolveOptions {
  /** Whether a new major version may be taken. */
  readonly major: boolean;
  /** Age in seconds below which a version is not taken. */
  readonly cooldownSeconds: number;
  readonly now: Date;
}

/** What was found out about one action. */
export interface Resolution {
  readonly action: string;
  readonly from?: ActionPin;
  /** The pin from now on; the same as `from` when there is nothing newer. Absent when there is a problem. */
  readonly to?: ActionPin;
  readonly problem?: string;
  /** What a person may want to know. */
  readonly notes: readonly string[];
}

/** Looks one action up. A problem with it is in the result; an error means that nothing can be looked up. */
export async function resolve(
  github: Facts,
  { action, tag }: Wanted,
  pins: ActionPins,
  options: ResolveOptions,
): Promise<Resolution> {
  const from = Object.hasOwn(pins, action) ? pins[action] : undefined;
  const notes: string[] = [];
  const known = { action, ...(from && { from }) };
  try {
    const [owner = "", name = ""] = action.split("/");
    const repository = new Repository(github, `${owner}/${name}`);
    const to = await newest(repository, action, from, tag, options, notes);
    return { ...known, to, notes };
  } catch (error) {
    if (!(error instanceof PinProblem)) throw error;
    return { ...known, problem: error.message, notes };
  }
}

async function newest(
  repository: Repository,
  action: string,
  from: ActionPin | undefined,
  asked: string | undefined,
  options: ResolveOptions,
  notes: string[],
): Promise<ActionPin> {
  const { defaultBranch, archived } = await repository.about();
  if (archived) notes.push("its repository is archived: nobody mends it any more");
  if (from !== undefined) await refuseMoved(repository, from, defaultBranch);
  const chosen = asked ?? (await choose(repository, from, options, notes));
  const commit = await repository.commitOf(chosen);
  if (commit === undefined) throw new PinProblem(`there is no tag ${chosen} in ${repository.name}`);
  if (from !== undefined && chosen === from.tag && from.inputsFrom === undefined) return from;
  if (asked === undefined && from !== undefined && chosen !== from.tag) {
    await refuseStray(repository, from, chosen, commit, defaultBranch);
  }
  const time = await repository.timeOf(chosen, commit);
  return {
    tag: chosen,
    sha: commit,
    date: time.toISOString().slice(0, 10),
    ...(await metadataOf(repository, action, chosen, commit)),
  };
}

/** A version is released once: a tag that names another commit than it did was moved, by its owner or by a thief. */
async function refuseMoved(repository: Repository, { tag, sha }: ActionPin, defaultBranch: string): Promise<void> {
  const commit = await repository.commitOf(tag);
  if (commit === sha) return;
  const now = commit === undefined ? `${tag} is gone` : `${tag} names ${commit} now, and not ${sha}`;
  const own = (await repository.reaches(defaultBranch, sha)) || (commit && (await repository.reaches(tag, sha)));
  const impostor = own ? "" : `; ${sha} is on neither ${defaultBranch} nor that tag, as a commit of a fork would be`;
  throw new PinProblem(`${now}${impostor}. Find out why before you trust it`);
}

/** The newest version that is old enough, or the present one. */
async function choose(
  repository: Repository,
  from: ActionPin | undefined,
  { major: mayChangeMajor, cooldownSeconds, now }: ResolveOptions,
  notes: string[],
): Promise<string> {
  const versions = (await repository.versions()).sort(rcompare);
  const newer = versions.filter((tag) => from === undefined || gt(tag, from.tag));
  const kept = newer.filter((tag) => mayChangeMajor || from === undefined || major(tag) === major(from.tag));
  const [beyond] = newer.filter((tag) => !kept.includes(tag));
  if (beyond !== undefined) notes.push(`${beyond} is another major version: --major takes it`);
  for (const tag of kept) {
    const commit = await repository.commitOf(tag);
    if (commit === undefined) throw new PinProblem(`there is no tag ${tag} in ${repository.name}`);
    const oldEnough = (await repository.timeOf(tag, commit)).getTime() + cooldownSeconds * 1000;
    if (oldEnough <= now.getTime()) return tag;
    notes.push(`${tag} is too young until ${new Date(oldEnough).toISOString().slice(0, 16)}Z`);
  }
  if (from !== undefined) return from.tag;
  throw new PinProblem(
    versions.length === 0
      ? `${repository.name} has no tag of a full version such as v1.2.3`
      : `every version of ${repository.name} is too young: ${notes.pop()}`,
  );
}

/**
 * Who may push tags may not be who may push the default branch: a repository whose versions lie on that branch does
 * not release beside it. Where the present version lies beside it too, that is how its owners release.
 */
async function refuseStray(
  repository: Repository,
  from: ActionPin,
  tag: string,
  commit: string,
  defaultBranch: string,
): Promise<void> {
  if (await repository.reaches(defaultBranch, commit)) return;
  if (!(await repository.reaches(defaultBranch, from.sha))) return;
  throw new PinProblem(
    `${tag} is not on ${defaultBranch}, where ${from.tag} is. Look at ${commit}, and name the version to take it: ` +
      `${repository.name}@${tag}`,
  );
}

async function metadataOf(repository: Repository, action: string, tag: string, commit: string) {
  const path = action.split("/").slice(2).join("/");
  const isWorkflow = /\.ya?ml$/.test(path);
  const places = isWorkflow ? [path] : ["action.yml", "action.yaml"].map((file) => (path ? `${path}/${file}` : file));
  for (const place of places) {
    const text = await repository.read(place, commit);
    if (text !== undefined) return readMetadata(text, `${place} at ${tag}`, isWorkflow ? "workflow" : "action");
  }
  throw new PinProblem(`there is no ${places.join(" or ")} at ${tag}`);
}

/** An action as a person names it, with a version or without: "actions/checkout", "actions/checkout@v7.0.1". */
export function wantedOf(text: string, isAction: (name: string) => boolean): Wanted | undefined {
  const [action = "", tag, ...rest] = text.split("@");
  if (!isAction(action) || rest.length > 0 || (tag !== undefined && !isVersionTag(tag))) return undefined;
  return { action, ...(tag !== undefined && { tag }) };
}
