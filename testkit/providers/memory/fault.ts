export type CloudOperation = "check" | "diff" | "create" | "read" | "update" | "delete";

/** What goes wrong. */
export type FaultAction =
  /** The call fails with this message. */
  | { do: "error"; message: string }
  /** The call never ends. */
  | { do: "hang" }
  /** The call waits until the file exists. */
  | { do: "pause"; file: string }
  /** The provider's process ends at once. */
  | { do: "crash" }
  /** The object exists, but is reported as not ready. For `create` and `update`. */
  | { do: "partial"; message: string };

export interface Fault {
  operation: CloudOperation;
  /** Type token or resource name that has to occur in `type name`. Defaults to every resource. */
  match?: string;
  /** Which matching call, counted from 1 when the fault is set. Defaults to every one. */
  nth?: number;
  /** Before or after the cloud has changed; `after` with `hang` or `crash` is a lost response. Defaults to "before". */
  when?: "before" | "after";
  action: FaultAction;
}

/** A fault with the number of matching calls that came before it was set. */
export interface StoredFault extends Fault {
  seen: number;
}

export function matches(
  fault: Pick<Fault, "operation" | "match">,
  call: { operation: string; type: string; name: string },
): boolean {
  return call.operation === fault.operation && `${call.type} ${call.name}`.includes(fault.match ?? "");
}
