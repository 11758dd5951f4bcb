import { expect, it } from "vitest";
import type { EngineEvent } from "./options";
import { changesOf, diagnosticsOf, EngineError } from "./result";

const diagnostic = (message: string, severity: "error" | "info" = "error"): EngineEvent => ({
  sequence: 0,
  timestamp: 0,
  diagnosticEvent: { message, severity, color: "never" },
});

it("reads errors without colours, and leaves the empty phrase out when there is a reason", () => {
  expect(
    diagnosticsOf([
      diagnostic("<{%fg 1%}>port taken<{%reset%}>\n"),
      diagnostic("fyi", "info"),
      diagnostic("update failed"),
    ]),
  ).toEqual(["port taken"]);
  expect(diagnosticsOf([diagnostic("update failed")])).toEqual(["update failed"]);
});

it("counts changes from the summary, or from the steps of an interrupted run", () => {
  const step: EngineEvent = {
    sequence: 0,
    timestamp: 0,
    resOutputsEvent: { metadata: { op: "create", urn: "u", type: "t", provider: "" } },
  };
  expect(changesOf([step, step])).toEqual({ create: 2 });
  const summary: EngineEvent = {
    sequence: 1,
    timestamp: 0,
    summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: { same: 3 }, policyPacks: {} },
  };
  expect(changesOf([step, summary])).toEqual({ same: 3 });
});

it("says what failed and why", () => {
  expect(new EngineError("up", 255, "", "", ["port taken"], []).message).toBe(
    "pulumi up failed (exit code 255): port taken",
  );
  expect(new EngineError("up", undefined, "", "no program", [], []).message).toBe(
    "pulumi up failed (exit code unknown): no program",
  );
});
