import type { Properties } from "./wire";

/** Where a call is about: the resource's URN, its type token and its logical name. */
export interface ResourceKey {
  urn: string;
  type: string;
  name: string;
}

export interface CheckCall extends ResourceKey {
  inputs: Properties;
  /** Inputs of the last successful check; empty on create. */
  oldInputs: Properties;
  /** What the engine's autonaming settings ask for. */
  autonaming: { mode: "propose" | "enforce" | "disable"; proposed: string } | undefined;
  log?: Log;
}

export interface CheckAnswer {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

export interface DiffCall extends ResourceKey {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  inputs: Properties;
  log?: Log;
}

export interface DiffAnswer {
  /** Properties that differ. */
  changed: string[];
  /** Those of them that need a replacement. */
  replaces: string[];
  deleteBeforeReplace: boolean;
  /** The same place by place, where a provider knows it; `changed` and `replaces` then name the same paths. */
  detailed?: Change[];
}

export interface Change {
  /** Place of the change, in Pulumi's notation. */
  path: string;
  kind: "add" | "delete" | "update";
  replace: boolean;
}

export interface CreateCall extends ResourceKey {
  inputs: Properties;
  preview: boolean;
  log: Log;
  /** The resource's own timeout, when the program sets one. */
  timeoutSeconds?: number;
}

export interface UpdateCall extends CreateCall {
  id: string;
  /** Paths of `ignoreChanges`; the inputs hold their old values. */
  ignoreChanges?: readonly string[];
  oldInputs: Properties;
  oldOutputs: Properties;
}

export interface ReadCall extends ResourceKey {
  id: string;
  inputs: Properties;
  outputs: Properties;
  log?: Log;
}

export interface ReadAnswer {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

export interface DeleteCall extends ResourceKey {
  id: string;
  inputs: Properties;
  outputs: Properties;
  log?: Log;
  timeoutSeconds?: number;
}

/** Writes one line to the engine's log of the resource; `passing` lines are shown only while the operation runs. */
export type Log = (severity: "info" | "warning", line: string, passing?: boolean) => void;

/**
 * A resource provider that sees plain values only: the server takes secret wrappers off before a call, and puts them
 * back on what the provider returns, on its errors and on its log lines.
 */
export interface Provider {
  version: string;
  /** What a change of the provider's own arguments does to its resources. Defaults to an update of the provider. */
  diffConfig?(old: Properties, now: Properties): DiffAnswer;
  configure?(config: Properties): void;
  check(call: CheckCall): Promise<CheckAnswer>;
  diff(call: DiffCall): Promise<DiffAnswer>;
  create(call: CreateCall): Promise<{ id: string; outputs: Properties }>;
  read(call: ReadCall): Promise<ReadAnswer | undefined>;
  update(call: UpdateCall): Promise<Properties>;
  delete(call: DeleteCall): Promise<void>;
  invoke?(token: string, args: Properties): Promise<Properties>;
  /** Ends what waits, as the user asked for. */
  cancel?(): void;
}

/** A resource that exists but is not ready: the engine keeps its id and repairs it by an update. */
export class IncompleteResource extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
    /** Inputs to record, where the provider found others than it was given. */
    readonly inputs?: Properties,
  ) {
    super(message);
  }
}
