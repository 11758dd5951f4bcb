import type { Change } from "../shared/provider";
import { isRecord, type Properties } from "../shared/wire";
import { record, text } from "./object";

export interface Difference {
  path: (string | number)[];
  kind: Change["kind"];
}

/** Every place where two values differ; absent and null are the same. */
export function differences(old: unknown, now: unknown, path: (string | number)[] = []): Difference[] {
  if (old === undefined || old === null) return now === undefined || now === null ? [] : [{ path, kind: "add" }];
  if (now === undefined || now === null) return [{ path, kind: "delete" }];
  if (isRecord(old) && isRecord(now)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    return [...keys].flatMap((key) => differences(old[key], now[key], [...path, key]));
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    const indices = Array.from({ length: Math.max(old.length, now.length) }, (_, index) => index);
    return indices.flatMap((index) => differences(old[index], now[index], [...path, index]));
  }
  return Object.is(old, now) ? [] : [{ path, kind: "update" }];
}

/** What of a live object stands in the places that the inputs have. */
export function prune(live: unknown, inputs: unknown): unknown {
  if (isRecord(live) && isRecord(inputs)) {
    const kept = Object.keys(inputs).filter((key) => live[key] !== undefined);
    return Object.fromEntries(kept.map((key) => [key, prune(live[key], inputs[key])]));
  }
  if (Array.isArray(live) && Array.isArray(inputs)) {
    const named = inputs.length > 0 && [...inputs, ...live].every((item) => text(record(item).name) !== "");
    // Others add items of their own to lists whose items have names: sidecars, variables.
    if (named) {
      const found = (name: unknown) => live.find((item) => record(item).name === name);
      return inputs.flatMap((item) => {
        const match = found(record(item).name);
        return match === undefined ? [] : [prune(match, item)];
      });
    }
    return live.map((item, index) => (index < inputs.length ? prune(item, inputs[index]) : item));
  }
  return live;
}

/** Metadata that only the API server writes. */
const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

export function withoutServerMetadata(object: Properties): Properties {
  if (!isRecord(object.metadata)) return object;
  const kept = Object.entries(object.metadata).filter(([key]) => !SERVER_METADATA.includes(key));
  return { ...object, metadata: Object.fromEntries(kept) };
}
