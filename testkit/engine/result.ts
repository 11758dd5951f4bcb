import type { EngineEvent, OutputMap } from "@pulumi/pulumi/automation";

export type Operation = "up" | "preview" | "refresh" | "destroy";

export interface OperationResult {
  stdout: string;
  stderr: string;
  exitCode: number;
  /** How many resources were treated how: `{ create: 2, same: 1 }`. */
  changes: Record<string, number>;
  events: EngineEvent[];
  /** Outputs of the stack after an `up`; values only. Empty otherwise. */
  outputs: Record<string, unknown>;
}

/** An operation of the engine that failed. */
export class EngineError extends Error {
  constructor(
    readonly operation: string,
    readonly exitCode: number | undefined,
    readonly stdout: string,
    readonly stderr: string,
    /** What the engine reported as errors, one text each. */
    readonly diagnostics: string[],
    readonly events: EngineEvent[],
  ) {
    const reason = diagnostics.length > 0 ? diagnostics.join("\n") : stderr.trim() || stdout.trim();
    super(`pulumi ${operation} failed (exit code ${exitCode ?? "unknown"}): ${reason}`);
    this.name = "EngineError";
  }
}

/** Counts by operation, as the engine sums them up; counted from its steps when it did not get that far. */
export function changesOf(events: readonly EngineEvent[]): Record<string, number> {
  const summary = events.findLast((event) => event.summaryEvent !== undefined)?.summaryEvent;
  if (summary !== undefined) return { ...summary.resourceChanges };
  const counts: Record<string, number> = {};
  for (const { resOutputsEvent } of events) {
    const operation = resOutputsEvent?.metadata.op;
    if (operation !== undefined) counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}

export function diagnosticsOf(events: readonly EngineEvent[]): string[] {
  const messages = events.flatMap(({ diagnosticEvent, policyEvent }) => {
    if (diagnosticEvent?.severity === "error") return [diagnosticEvent.message];
    if (policyEvent?.enforcementLevel === "mandatory") return [`${policyEvent.policyName}: ${policyEvent.message}`];
    return [];
  });
  const plain = messages
    .map((message) => message.replace(/<\{%.*?%\}>/g, "").trim())
    .filter((message) => message !== "");
  // The stack's own "update failed" says nothing when a resource has said why.
  const telling = plain.filter((message) => !/^\w+ failed$/.test(message));
  return telling.length > 0 ? telling : plain;
}

export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
}
