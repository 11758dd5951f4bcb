import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import type { Problem } from "../../model/problem";
import { Gate, type Hooks, OnFailure } from "../../model/release";
import { Workload } from "../../model/service";
import { isSequential, judgesLatency, withoutLatency } from "../judges";
import type { PlannedStep, ReleasePlan } from "../plan";
import { serverWeights, shareOf } from "../weights";
import { bent, type CompileInput, impossible, type TargetPlan } from "./target";

/**
 * Compiles a release for a Docker host. There all new copies start beside the old ones before any traffic moves: the
 * guard, which moves it, cannot start containers, and so a client that dies later cannot strand a release.
 */
export function compileForDocker(input: CompileInput): TargetPlan<ReleasePlan> {
  const { requested, service } = input;
  const diagnostics = [...serviceDiagnostics(input), ...releaseDiagnostics(input)];
  const blind = judgesLatency(requested.rule) && service.metrics === undefined;
  if (blind) {
    const message = "Without service.metrics nothing tells how long requests take, so that latency is not judged.";
    diagnostics.push(bent("objectives.latency", "dropped", message));
  }
  // The guard judges at the end of every hold, and on the way.
  const sure = isSequential(requested.rule);
  const open = requested.steps.map((step) =>
    step.gate === Gate.verdict && !sure ? { ...step, gate: Gate.auto } : step,
  );
  return {
    fields: { ...requested, steps: open, rule: blind ? withoutLatency(requested.rule) : requested.rule },
    steps: requested.strategy === "canary" ? requested.steps.map((step) => served(input, step)) : open,
    bakeSeconds: requested.bakeSeconds,
    diagnostics,
    problems: problemsOf(input),
  };
}

/** The share that whole weights of servers give, never above the one asked for. */
function served({ service }: CompileInput, step: PlannedStep): PlannedStep {
  // The old version is taken to have as many copies: what it has is known only when the release begins.
  const { copies } = normaliseService(service);
  return { ...step, weight: shareOf(copies, copies, serverWeights(copies, copies, step.weight)) };
}

function serviceDiagnostics({ service }: CompileInput): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const { autoscaler } = normaliseService(service);
  if (autoscaler) {
    const message = `A Docker host has no autoscaler: ${autoscaler.min} copies run, as replicas.min says.`;
    diagnostics.push(bent("service.replicas.max", "dropped", message));
  }
  if (service.health.liveness) {
    const message =
      "A Docker host restarts a copy that exits, not one that stops to answer; readiness takes its traffic away.";
    diagnostics.push(bent("service.health.liveness", "dropped", message));
  }
  if (service.health.startup) {
    const message = "A copy has health.startTimeout for its start; the startup probe is not asked.";
    diagnostics.push(bent("service.health.startup", "dropped", message));
  }
  if (service.scheduling) {
    diagnostics.push(bent("service.scheduling", "dropped", "All copies run on the one machine there is."));
  }
  for (const name of Object.keys(service.volumes ?? {})) {
    const message = "The folder is in memory, and counts to the copy's own.";
    diagnostics.push(bent(`service.volumes.${name}`, "approximated", message));
  }
  const platforms = service.image.build?.platforms ?? [];
  if (platforms.length > 1) {
    const message = `The image is built for the host's own platform only, not for all of ${platforms.join(", ")}.`;
    diagnostics.push(bent("service.image.build.platforms", "dropped", message));
  }
  return diagnostics;
}

function releaseDiagnostics(input: CompileInput): Diagnostic[] {
  const { release, service, requested } = input;
  const { copies } = normaliseService(service);
  const found: Diagnostic[] = [];
  const add = (asked: unknown, ...remark: Parameters<typeof bent>) => {
    if (asked !== undefined) found.push(bent(...remark));
  };
  const surge = release.rolling?.maxSurge;
  if (requested.strategy === "rolling" && surge !== copies) {
    const message = `All ${copies} new copies start before the first old one loses its traffic, not ${surge} at a time.`;
    add(surge, "release.rolling.maxSurge", "approximated", message);
  }
  const { route, scale } = release.canary ?? {};
  const header = "The gateway of a Docker host chooses by weight alone.";
  add(route?.header, "release.canary.route.header", "dropped", header);
  add(route?.mirrorPercent, "release.canary.route.mirrorPercent", "dropped", "The gateway mirrors no requests.");
  const ttl = "The gateway's cookie lasts for the browser's session.";
  add(route?.sticky?.ttl, "release.canary.route.sticky.ttl", "approximated", ttl);
  const all = `All ${copies} copies of both versions run until the release is over.`;
  add(scale, "release.canary.scale", "approximated", all);
  add(release.blueGreen?.preview?.replicas, "release.blueGreen.preview.replicas", "approximated", all);
  add(release.blueGreen?.preview?.header, "release.blueGreen.preview.header", "dropped", header);
  if (requested.strategy !== "canary") return found;
  for (const [index, step] of requested.steps.entries()) {
    const path = `release.canary.steps[${index}]`;
    if (step.gate === Gate.verdict && !isSequential(requested.rule)) {
      const late = "The threshold rule is never sure before the hold is over, so that all of it is waited for.";
      add(true, `${path}.gate`, "approximated", late);
    }
    const share = served(input, step).weight;
    if (share === step.weight) continue;
    const message =
      share === 0
        ? `The gateway's smallest share is 0.39 %, so that the new version gets nothing at ${step.weight} %.`
        : `The gateway gives the new version ${Number(share.toFixed(3))} % instead of ${step.weight} %.`;
    add(true, `${path}.weight`, share === 0 ? "dropped" : "approximated", message);
  }
  return found;
}

const hookNames: (keyof Hooks)[] = [
  "beforeDeploy",
  "beforeTraffic",
  "afterStep",
  "beforePromote",
  "afterPromote",
  "onRollback",
];

/** What would be missed without a word: these are refused. */
function problemsOf({ release, service }: CompileInput): Problem[] {
  const problems: Problem[] = [];
  const add = (asked: boolean, ...problem: Parameters<typeof impossible>) => {
    if (asked) problems.push(impossible(...problem));
  };
  for (const name of hookNames) {
    const problem = "cannot be run on a Docker host";
    add(release.hooks?.[name] !== undefined, `release.hooks.${name}`, problem, "Run it in the pipeline, and remove it");
  }
  const fix = "Run it in the pipeline before the release, and remove it";
  add(release.migration !== undefined, "release.migration", "cannot be run on a Docker host", fix);
  const back = 'Set it to "rollback"; there a failed release always goes back';
  const pauses = release.onFailure === OnFailure.pause;
  add(pauses, "release.onFailure", 'cannot be "pause" on a Docker host', back);
  const { workload = Workload.replicated, volumes = {}, files = {} } = service;
  const same = "Make its copies interchangeable, and keep data in a database";
  add(workload !== Workload.replicated, "service.workload", `cannot be "${workload}" on a Docker host`, same);
  for (const [name, { persistent }] of Object.entries(volumes)) {
    const path = `service.volumes.${name}.persistent`;
    add(persistent === true, path, "cannot be true on a Docker host: copies of two versions run side by side", same);
  }
  const copied = "Copy it into the image, or hand it over in the component's secrets, which are files too";
  for (const path of Object.keys(files)) {
    add(true, `service.files[${JSON.stringify(path)}]`, "cannot be placed on a Docker host", copied);
  }
  return problems;
}
