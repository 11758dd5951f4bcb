import { valid as exact, gt } from "semver";
import { isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, type YAMLMap } from "yaml";

/** One `uses:` of a workflow or of a composite action that is pinned as generated files pin. */
interface Use {
  /** "actions/checkout", in small letters: GitHub takes no notice of case. */
  readonly action: string;
  readonly sha: string;
  /** Without the v before it. */
  readonly version: string;
  /** Where the commit and the version begin in the text. */
  readonly shaAt: number;
  readonly versionAt: number;
}

/**
 * The generated file with each pin that the live file has at a higher version: a bot's update survives the next
 * generation. Everything else is as generated. A pin counts only where a workflow or an action uses it, at a full
 * commit, with nothing but `# vX.Y.Z` beside it; the live file may be anything.
 */
export function keepNewer(generated: string, live: string): string {
  const newest = new Map<string, Use>();
  for (const use of usesOf(live)) {
    const known = newest.get(use.action);
    if (known === undefined || gt(use.version, known.version)) newest.set(use.action, use);
  }
  let kept = generated;
  // From the end, so that the places of those before stay true.
  for (const use of usesOf(generated).reverse()) {
    const newer = newest.get(use.action);
    if (newer === undefined || !gt(newer.version, use.version)) continue;
    kept = replaced(kept, use.versionAt, use.version, newer.version);
    kept = replaced(kept, use.shaAt, use.sha, newer.sha);
  }
  return kept;
}

const replaced = (text: string, at: number, from: string, to: string): string =>
  text.slice(0, at) + to + text.slice(at + from.length);

const PIN = /^([\w.-]+\/[\w.-]+(?:\/[\w./-]+)?)@([0-9a-f]{40})$/;

function usesOf(text: string): Use[] {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return [];
  return usesIn(document.contents).flatMap((node) => useAt(node, text) ?? []);
}

/** The values of `jobs.*.uses`, `jobs.*.steps[*].uses` and `runs.steps[*].uses`. */
function usesIn(root: unknown): Scalar[] {
  const jobs = entryOf(root, "jobs");
  const all = [...(isMap(jobs) ? jobs.items.map((pair: Pair) => pair.value) : []), entryOf(root, "runs")];
  const steps = all.flatMap((job) => {
    const list = entryOf(job, "steps");
    return isSeq(list) ? list.items : [];
  });
  return [...all, ...steps].map((place) => entryOf(place, "uses")).filter((node) => isScalar(node));
}

/** Aliases are not followed: no generated file has one. */
const entryOf = (node: unknown, key: string): unknown => (isMap(node) ? (node as YAMLMap).get(key, true) : undefined);

function useAt({ value, range }: Scalar, text: string): Use | undefined {
  const [, action, sha] = (typeof value === "string" && PIN.exec(value)) || [];
  if (action === undefined || sha === undefined || !range) return undefined;
  const [start, end] = range;
  const written = text.slice(start, end);
  const rest = text.slice(end, end + (/\r?\n|$/.exec(text.slice(end))?.index ?? 0));
  const [, space = "", version] = /^([ \t]+#[ \t]*v)(\d+\.\d+\.\d+)[ \t]*$/.exec(rest) ?? [];
  const offset = written.indexOf(`@${sha}`);
  if (version === undefined || exact(version) === null || offset < 0) return undefined;
  return { action: action.toLowerCase(), sha, version, shaAt: start + offset + 1, versionAt: end + space.length };
}
