import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import type { Problem } from "../../model/problem";
import { ScaleMode } from "../../model/release";
import { Architecture, Spread, Workload } from "../../model/service";
import { judgesLatency } from "../judges";
import { hooksOf } from "./hook-points";
import { bent, type CompileInput, impossible } from "./target";

/** What Container Apps does differently, beside whole shares. */
export function containerAppsDiagnostics(input: CompileInput): Diagnostic[] {
  return [...strategyDiagnostics(input), ...canaryDiagnostics(input), ...otherDiagnostics(input)];
}

function strategyDiagnostics({ release, requested }: CompileInput): Diagnostic[] {
  const feature = release.emergency === undefined ? `release.${requested.strategy}` : "release.emergency";
  const driver =
    "Container Apps splits traffic but knows no releases: a driver of Headgate sends the splits and judges.";
  const found = [bent(feature, "emulated", driver)];
  if (requested.strategy !== "rolling") return found;
  if (requested.steps.length > 0 || release.rolling !== undefined) {
    const message =
      "Container Apps exchanges no single copies: all traffic moves at once when the new revision is ready.";
    found.push(bent(feature, "approximated", message));
  }
  return found;
}

function canaryDiagnostics({ release, service, requested }: CompileInput): Diagnostic[] {
  if (requested.strategy !== "canary") return [];
  const { route, scale } = release.canary ?? {};
  const found: Diagnostic[] = [];
  if (route?.header !== undefined) {
    const message =
      "Container Apps chooses by weight alone; the label new gives the new version an address of its own.";
    found.push(bent("release.canary.route.header", "dropped", message));
  }
  if (route?.mirrorPercent !== undefined) {
    found.push(bent("release.canary.route.mirrorPercent", "dropped", "Container Apps mirrors no requests."));
  }
  if (route?.sticky !== undefined) {
    const message = "Container Apps has sticky sessions in single revision mode only, where no traffic is split.";
    found.push(bent("release.canary.route.sticky", "dropped", message));
  }
  if (scale?.mode === ScaleMode.fixed) {
    const message = "The number of copies belongs to a revision for good: the new one has that of the service.";
    found.push(bent("release.canary.scale.mode", "dropped", message));
  }
  if (scale?.shrinkStable && normaliseService(service).autoscaler === undefined) {
    const message = "A revision keeps its copies as long as it is active.";
    found.push(bent("release.canary.scale.shrinkStable", "dropped", message));
  }
  return found;
}

function otherDiagnostics({ release, service, requested }: CompileInput): Diagnostic[] {
  const found: Diagnostic[] = [];
  const preview = requested.strategy === "blueGreen" ? release.blueGreen?.preview : undefined;
  if (preview?.replicas !== undefined) {
    const message = "The number of copies belongs to a revision for good: the new one has that of the service.";
    found.push(bent("release.blueGreen.preview.replicas", "dropped", message));
  }
  if (preview?.header !== undefined) {
    const message = "Container Apps routes no header; the label new gives the new version an address of its own.";
    found.push(bent("release.blueGreen.preview.header", "dropped", message));
  }
  for (const { point, hook } of hooksOf(release)) {
    const message = hook.container === undefined ? "The driver asks for the address." : "The driver runs it as a job.";
    found.push(bent(`release.hooks.${point}`, "emulated", message));
  }
  if (release.migration !== undefined) {
    found.push(bent("release.migration", "emulated", "The driver runs it as a job before the first share."));
  }
  const { spread = Spread.zone, spot = false, machineLabels = {} } = service.scheduling ?? {};
  if (spread === Spread.machine || spot || Object.keys(machineLabels).length > 0) {
    found.push(bent("service.scheduling", "dropped", "Container Apps has no machines to choose from."));
  }
  if (judgesLatency(requested.rule) && service.metrics === undefined) {
    const message = "Without service.metrics nothing tells how long requests take, so that latency is not judged.";
    found.push(bent("objectives.latency", "dropped", message));
  }
  return found;
}

/** What would be missed without a word. */
export function containerAppsProblems({ release, service, requested }: CompileInput): Problem[] {
  const problems: Problem[] = [];
  const { workload = Workload.replicated, volumes = {}, scheduling } = service;
  if (workload !== Workload.replicated) {
    const fix = "Make its copies interchangeable, and keep data in a database";
    problems.push(impossible("service.workload", `cannot be "${workload}" on Container Apps`, fix));
  }
  for (const [name, { persistent }] of Object.entries(volumes)) {
    if (!persistent) continue;
    const problem = "cannot be true on Container Apps: old and new copies would write to one share";
    problems.push(impossible(`service.volumes.${name}.persistent`, problem, "Keep the data in a database"));
  }
  if (scheduling?.architecture === Architecture.arm64) {
    const problem = 'cannot be "arm64" on Container Apps';
    problems.push(impossible("service.scheduling.architecture", problem, "Build the image for amd64"));
  }
  if (release.hooks?.afterStep !== undefined && requested.strategy === "rolling") {
    const problem = "has no place on Container Apps where all traffic moves at once";
    problems.push(impossible("release.hooks.afterStep", problem, "Release by canary or by blueGreen"));
  }
  return problems;
}
