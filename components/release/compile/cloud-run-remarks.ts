import type { Diagnostic } from "../../model/diagnostics";
import { parseDuration } from "../../model/duration";
import type { Problem } from "../../model/problem";
import { Gate, OnFailure, ScaleMode } from "../../model/release";
import { Architecture, Spread, Workload } from "../../model/service";
import { hooksOf } from "./hook-points";
import { bent, type CompileInput, impossible } from "./target";

/** Time between SIGTERM and SIGKILL on Cloud Run (its container runtime contract). */
const STOP_SECONDS = 10;

/** What Cloud Run and Cloud Deploy do differently, beside shares and times. */
export function cloudRunDiagnostics(input: CompileInput): Diagnostic[] {
  return [...canaryDiagnostics(input), ...releaseDiagnostics(input), ...serviceDiagnostics(input)];
}

function canaryDiagnostics({ release, requested }: CompileInput): Diagnostic[] {
  if (requested.strategy !== "canary") return [];
  const { route, scale } = release.canary ?? {};
  const found = requested.steps.flatMap(({ gate }, index) => {
    if (gate !== Gate.verdict) return [];
    const message = "Cloud Deploy watches for the whole hold: it cannot pass early, only fail.";
    return [bent(`release.canary.steps[${index}].gate`, "approximated", message)];
  });
  if (route?.header !== undefined) {
    const message = "Cloud Run chooses by weight alone; the tag canary gives the new version an address of its own.";
    found.push(bent("release.canary.route.header", "dropped", message));
  }
  if (route?.mirrorPercent !== undefined) {
    found.push(bent("release.canary.route.mirrorPercent", "dropped", "Cloud Run mirrors no requests."));
  }
  if (route?.sticky !== undefined) {
    const message = "Cloud Run keeps a client on one instance as well as it can, with a cookie of its own.";
    found.push(bent("release.canary.route.sticky", "approximated", message));
  }
  if (scale?.mode === ScaleMode.fixed) {
    const message = "Cloud Run gives each version as many instances as its requests need.";
    found.push(bent("release.canary.scale.mode", "dropped", message));
  }
  return found;
}

function releaseDiagnostics({ release, requested }: CompileInput): Diagnostic[] {
  if (release.emergency !== undefined) return [];
  const found: Diagnostic[] = [];
  const { analysis, blueGreen, hooks } = release;
  const pauses = release.onFailure === OnFailure.pause;
  for (const key of ["onUndecided", "onNoData"] as const) {
    const answer = analysis?.[key];
    // A failed release that is not taken back stands at its weight until somebody decides: that is a pause.
    if (answer !== "wait" && (answer !== "pause" || pauses)) continue;
    const end = pauses ? "stops the release" : "takes the release back";
    const message = `A phase of Cloud Deploy passes or fails: without an answer at its end it ${end}.`;
    found.push(bent(`release.analysis.${key}`, "approximated", message));
  }
  if (blueGreen?.preview?.replicas !== undefined) {
    const message = "Cloud Run gives each version as many instances as its requests need.";
    found.push(bent("release.blueGreen.preview.replicas", "dropped", message));
  }
  if (blueGreen?.preview?.header !== undefined) {
    const message = "Cloud Run routes no header; the tag preview gives the new version an address of its own.";
    found.push(bent("release.blueGreen.preview.header", "dropped", message));
  }
  if (hooks?.afterStep !== undefined && requested.strategy === "blueGreen") {
    const message = "It is run before the time to promote begins, not after it.";
    found.push(bent("release.hooks.afterStep", "approximated", message));
  }
  for (const { point, hook } of hooksOf(release)) {
    const feature = `release.hooks.${point}`;
    if (point === "onRollback") found.push(bent(feature, "dropped", "Cloud Deploy runs nothing when it goes back."));
    else if (hook.http !== undefined) {
      found.push(bent(feature, "emulated", "Cloud Deploy runs containers only: one of them asks for the address."));
    }
  }
  return found;
}

function serviceDiagnostics({ service }: CompileInput): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (service.stopTimeout !== undefined && parseDuration(service.stopTimeout) > STOP_SECONDS) {
    const message = `Cloud Run gives an instance ${STOP_SECONDS} s to end.`;
    found.push(bent("service.stopTimeout", "dropped", message));
  }
  const { replicas = {}, scheduling = {} } = service;
  for (const key of ["targetCpuPercent", "targetMemoryPercent", "targetMetric"] as const) {
    if (replicas[key] === undefined) continue;
    const message = "Cloud Run chooses the number of instances by requests and CPU itself.";
    found.push(bent(`service.replicas.${key}`, "dropped", message));
  }
  if (Object.keys(service.ports ?? {}).length > 0) {
    found.push(bent("service.ports", "dropped", "Cloud Run reaches one port of an instance."));
  }
  const { spread = Spread.zone, spot = false, machineLabels = {} } = scheduling;
  if (spread === Spread.machine || spot || Object.keys(machineLabels).length > 0) {
    found.push(bent("service.scheduling", "dropped", "Cloud Run has no machines to choose from."));
  }
  return found;
}

/** What would be missed without a word. */
export function cloudRunProblems({ release, service, requested }: CompileInput): Problem[] {
  const problems: Problem[] = [];
  const { workload = Workload.replicated, volumes = {}, scheduling } = service;
  if (workload !== Workload.replicated) {
    const fix = "Make its copies interchangeable, and keep data in a database";
    problems.push(impossible("service.workload", `cannot be "${workload}" on Cloud Run`, fix));
  }
  for (const [name, { persistent }] of Object.entries(volumes)) {
    if (!persistent) continue;
    const problem = "cannot be true on Cloud Run, whose instances keep nothing";
    problems.push(impossible(`service.volumes.${name}.persistent`, problem, "Keep the data in a database or a bucket"));
  }
  if (scheduling?.architecture === Architecture.arm64) {
    const problem = 'cannot be "arm64" on Cloud Run';
    problems.push(impossible("service.scheduling.architecture", problem, "Build the image for amd64"));
  }
  if (release.hooks?.afterStep !== undefined && requested.strategy === "rolling") {
    const problem = "has no place on Cloud Run where all traffic moves at once";
    problems.push(impossible("release.hooks.afterStep", problem, "Release by canary or by blueGreen"));
  }
  return problems;
}
