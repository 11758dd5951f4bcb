import type { ResourceKey } from "../shared/provider";
import { ApiError, type Cause, lacksRights } from "./api";
import { annotations } from "./object";

/** `Deployment "web" (shop/web-1a2b3c4)`: the program's name, and the object's where it is another. */
export function nameOf({ type, name }: ResourceKey, id?: string): string {
  const title = `${type.split(":").pop()} "${name}"`;
  return id === undefined || id === "" || id === name ? title : `${title} (${id})`;
}

export function sentence(reason: string): string {
  return /[.\n]$/.test(reason) ? reason.trimEnd() : `${reason}.`;
}

/** One message for any failure of an operation. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const conflicts = error.causes.filter(({ reason }) => reason === "FieldManagerConflict");
  if (conflicts.length > 0) return conflictText(conflicts);
  if (lacksRights(error)) return `${error.message}. Give the kubeconfig's user this right, or use another user`;
  // The resource is named already.
  return error.message.replace(/^\S+ "[^"]*" is invalid: /, "");
}

/** Who owns what, by manager and field, and the two ways out. */
function conflictText(conflicts: readonly Cause[]): string {
  const fields = new Map<string, string[]>();
  for (const { message = "", field = "" } of conflicts) {
    const manager = /conflict with "((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? message;
    fields.set(manager, [...(fields.get(manager) ?? []), field.replace(/^\./, "")]);
  }
  const owners = [...fields].map(([manager, owned]) => `${owned.join(", ")} belongs to the field manager "${manager}"`);
  return `${owners.join("; ")}. Leave these fields out of the program, or set the annotation ${annotations.patchForce}: "true" to take them over`;
}

export function missingKind(apiVersion: string, kind: string): string {
  return `the API server serves no ${kind} of ${apiVersion}. Create its CustomResourceDefinition first, or correct apiVersion and kind`;
}
