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
}

export interface DiffAnswer {
  /** Properties that differ. */
  changed: string[];
  /** Those of them that need a replacement. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export interface CreateCall extends ResourceKey {
  inputs: Properties;
  preview: boolean;
  log: Log;
}

export interface UpdateCall extends CreateCall {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
}

export interface ReadCall extends ResourceKey {
  id: string;
  inputs: Properties;
  outputs: Properties;
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
}

/** Writes one line to the engine's log of the resource; `passing` lines are shown only while the operation runs. */
export type Log = (severity: "info" | "warning", line: string, passing?: boolean) => void;

/**
 * A resource provider that sees plain values only: the server takes secret wrappers off before a call, and puts them
 * back on what the provider returns, on its errors and on its log lines.
 */
export interface Provider {
  version: string;
  configure?(config: Properties): void;
  check(call: CheckCall): Promise<CheckAnswer>;
  diff(call: DiffCall): Promise<DiffAnswer>;
  create(call: CreateCall): Promise<{ id: string; outputs: Properties }>;
  read(call: ReadCall): Promise<ReadAnswer | undefined>;
  update(call: UpdateCall): Promise<Properties>;
  delete(call: DeleteCall): Promise<void>;
  invoke?(token: string, args: Properties): Promise<Properties>;
}

/** A resource that exists but is not ready: the engine keeps its id and repairs it by an update. */
export class IncompleteResource extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(message);
  }
}
