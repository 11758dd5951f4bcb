import { nearest } from "../../model/nearest";
import library from "./action-pins.json";

/** One input of an action or of a reusable workflow. */
export interface ActionInput {
  /** Whether a step must set it: it has no default of its own. Defaults to false. */
  readonly required?: boolean;
  /** Only of a reusable workflow: what its value must be. */
  readonly type?: "string" | "boolean" | "number";
}

/** One secret of a reusable workflow. */
export interface WorkflowSecret {
  /** Whether a caller must pass it. Defaults to false. */
  readonly required?: boolean;
}

/** The commit at which an action is used, and what its metadata says there. */
export interface ActionPin {
  /** Tag that names the commit: "v7.0.1". */
  readonly tag: string;
  /** Commit the tag peels to, 40 hexadecimal digits. */
  readonly sha: string;
  /** Day of that commit: "2026-07-17". Left out where it was not seen. */
  readonly date?: string;
  /** What runs it: `runs.using` of its metadata ("node24", "composite", "docker"), "workflow" for a reusable one. */
  readonly runsUsing?: string;
  /** Tag whose metadata gave `inputs`, where the metadata at the pin was not seen. */
  readonly inputsFrom?: string;
  readonly inputs: Readonly<Record<string, ActionInput>>;
  /** Only of a reusable workflow. */
  readonly secrets?: Readonly<Record<string, WorkflowSecret>>;
  /** By name, only of a reusable workflow. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, never>>>>;
}

/** Pins by action: "actions/checkout", "github/codeql-action/init". */
export type ActionPins = Readonly<Record<string, ActionPin>>;

/** The pins that ship with the library. `headgate pins update` renews them. */
export const actionPins = library as ActionPins;

/** What a workflow writes after `uses:`, and the comment beside it. */
export interface PinnedAction {
  /** Action and commit: "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1". */
  readonly reference: string;
  /** "v7.0.1". */
  readonly tag: string;
}

/**
 * The pin of an action, from `pins` before the library's own.
 *
 * @throws When the action has no pin: an emitter writes no reference that can move.
 */
export function pinned(action: string, pins: ActionPins = {}): PinnedAction {
  const found = [pins, actionPins].find((each) => Object.hasOwn(each, action))?.[action];
  if (found !== undefined) return { reference: `${action}@${found.sha}`, tag: found.tag };
  const near = nearest(action, Object.keys({ ...actionPins, ...pins }));
  const meant = near === undefined ? "" : `Did you mean ${near}? `;
  throw new Error(
    `Action ${JSON.stringify(action)} has no pin. ${meant}To add it: headgate pins update --file pins.json ACTION.`,
  );
}
