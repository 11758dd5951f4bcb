import type { CheckCall, CreateCall, DeleteCall, ReadCall, UpdateCall } from "../shared/provider";
import type { Problem, Shape } from "../shared/shape";
import type { Properties } from "../shared/wire";
import type { DockerClient } from "./client";
import type { DockerConfig } from "./config";

/** What happens to the object when an input changes; `update` without effect on the object is an update all the same. */
export type OnChange = "replace" | "update";

export interface Field {
  shape: Shape;
  on: OnChange;
  /** Value that an absent input stands for. */
  default?: unknown;
}

export interface Context {
  docker: DockerClient;
  config: DockerConfig;
}

/** One resource type on the Docker Engine. */
export interface DockerResource {
  fields: Record<string, Field>;
  required: readonly string[];
  /** Outputs nobody knows before the object exists. */
  computed: readonly string[];
  /** Two of it cannot stand side by side, so the old one goes first. */
  deleteBeforeReplace: boolean;
  autonamed: boolean;
  /** Whether the inputs are outputs too. */
  echoesInputs: boolean;
  /** Rules and derived inputs beyond the fields' shapes. */
  prepare?(call: CheckCall): Promise<{ inputs: Properties; failures: Problem[] }>;
  /** Changes that a comparison of inputs cannot see. */
  drift?(call: { inputs: Properties; oldInputs: Properties; oldOutputs: Properties }): string[];
  /** Changes that are no changes: they leave the object as it is. */
  ignores?(property: string, old: unknown, now: unknown): boolean;
  /** Whether a preview runs the real operation. */
  runsInPreview?(inputs: Properties): boolean;
  create(call: CreateCall, context: Context): Promise<{ id: string; outputs: Properties }>;
  /** Undefined when the object is gone. */
  read(call: ReadCall, context: Context): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined>;
  update(call: UpdateCall, context: Context): Promise<Properties>;
  delete(call: DeleteCall, context: Context): Promise<void>;
}
