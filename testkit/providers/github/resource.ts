import type { CreateCall, DeleteCall, ReadCall, UpdateCall } from "../shared/provider";
import type { Problem, Shape } from "../shared/shape";
import type { Properties } from "../shared/wire";
import type { GithubClient } from "./client";

export interface Field {
  shape: Shape;
  /** What happens to the object when the input changes. */
  on: "replace" | "update";
  /** Value that an absent input stands for. */
  default?: unknown;
  /** Whether GitHub chooses a value for an absent input, so that any value is right then. */
  chosen?: boolean;
}

export interface Context {
  client: GithubClient;
  owner: string;
}

/** Where an object is: what every request of a repository has in its address. */
export interface Place {
  owner: string;
  repo: string;
}

/** One resource type on GitHub's REST API. Every input is an output too. */
export interface GithubResource {
  fields: Record<string, Field>;
  required: readonly string[];
  /** Outputs nobody knows before the object exists. */
  computed: readonly string[];
  /** Outputs that an update changes. */
  changing?: readonly string[];
  /** Whether a name is made where none is given. */
  autonamed?: boolean;
  deleteBeforeReplace?: boolean;
  /** Rules beyond the fields' shapes. */
  rules?(inputs: Properties): Problem[];
  /** A value as it is compared: with the defaults of what is inside it. */
  complete?(key: string, value: unknown): unknown;
  /** Changes that a comparison of inputs cannot see. */
  drift?(oldOutputs: Properties): string[];
  create(call: CreateCall, context: Context): Promise<{ id: string; outputs: Properties }>;
  /** Undefined when the object is gone. `live` has every input as it is. */
  read(call: ReadCall, context: Context): Promise<{ id?: string; live: Properties; outputs: Properties } | undefined>;
  update(call: UpdateCall, context: Context): Promise<Properties>;
  delete(call: DeleteCall, context: Context): Promise<void>;
}

export const onReplace = (shape: Shape): Field => ({ shape, on: "replace" });
export const onUpdate = (shape: Shape, fallback?: unknown): Field => ({
  shape,
  on: "update",
  ...(fallback !== undefined && { default: fallback }),
});

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Parts of an id, the last of which may have colons in it. */
export function partsOf(id: string, count: number): string[] {
  const parts = id.split(":");
  if (parts.length < count) throw new Error(`an id must have ${count} parts with colons between them (got ${id})`);
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(":")];
}

/** A part of an id that is not its last cannot hold a colon. */
export const escaped = (part: string): string => part.replaceAll(":", "??");
export const unescaped = (part: string): string => part.replaceAll("??", ":");
