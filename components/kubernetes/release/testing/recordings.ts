import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Snapshot } from "../objects";

/**
 * Releases by Argo Rollouts 1.9.1 on Kubernetes 1.34, looked at once a second; each line of a file is what changed
 * since the look before, as a merge patch (RFC 7386) of lists that are kept by name.
 */
export const RECORDED = ["good", "bad", "crash", "missing", "unready", "manual", "bluegreen", "rolling"] as const;

type Json = { [key: string]: Json | unknown };

/** The looks at a release. */
export function recorded(name: (typeof RECORDED)[number]): Snapshot[] {
  const looks: Snapshot[] = [];
  let state: Json = {};
  for (const line of readFileSync(join(__dirname, `${name}.jsonl`), "utf8")
    .trim()
    .split("\n")) {
    state = merged(state, JSON.parse(line) as Json);
    const list = (field: string) => Object.values(state[field] ?? {});
    const lists = { replicaSets: list("replicaSets"), pods: list("pods"), runs: list("runs"), events: list("events") };
    looks.push(structuredClone({ ...state, ...lists }) as unknown as Snapshot);
  }
  return looks;
}

function merged(target: Json, patch: Json): Json {
  const result = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (typeof value !== "object" || Array.isArray(value)) result[key] = value;
    else result[key] = merged((result[key] ?? {}) as Json, value as Json);
  }
  return result;
}
