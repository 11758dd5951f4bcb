import type { Diagnostic } from "../model/diagnostics";
import { normaliseService } from "../model/normalise-service";
import { normaliseRelease, type ReleaseInput } from "./normalise-release";
import type { ReleasePlan } from "./plan";
import { serverWeights, shareOf } from "./weights";

/** A plan, and what the target does differently from what was asked. */
export interface Compiled {
  plan: ReleasePlan;
  diagnostics: Diagnostic[];
}

/**
 * Compiles a release for a Docker host. There all new copies start beside the old ones before any traffic moves: the
 * guard, which moves it, cannot start containers, and so a client that dies later cannot strand a release.
 */
export function compileForDocker(input: ReleaseInput): Compiled {
  const plan = normaliseRelease(input);
  const diagnostics = [...serviceDiagnostics(input), ...releaseDiagnostics(input, plan)];
  if (plan.rule.maxSlowRatio === undefined || input.service.metrics) return { plan, diagnostics };
  const { maxSlowRatio: _, ...rule } = plan.rule;
  const message = "Without service.metrics nothing tells how long requests take, so that latency is not judged.";
  return { plan: { ...plan, rule }, diagnostics: [...diagnostics, bent("objectives.latency", "dropped", message)] };
}

/** A remark on something that gives the new version no traffic beyond what was asked. */
function bent(feature: string, fidelity: Diagnostic["fidelity"], message: string): Diagnostic {
  return { feature, fidelity, message, maxExposureError: 0 };
}

function serviceDiagnostics({ service }: ReleaseInput): Diagnostic[] {
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
  const platforms = service.image.build?.platforms ?? [];
  if (platforms.length > 1) {
    const message = `The image is built for the host's own platform only, not for all of ${platforms.join(", ")}.`;
    diagnostics.push(bent("service.image.build.platforms", "dropped", message));
  }
  return diagnostics;
}

function releaseDiagnostics({ release, service }: ReleaseInput, plan: ReleasePlan): Diagnostic[] {
  const { copies } = normaliseService(service);
  const surge = release.rolling?.maxSurge;
  if (plan.strategy === "rolling" && surge !== undefined && surge !== copies) {
    const message = `All ${copies} new copies start before the first old one loses its traffic, not ${surge} at a time.`;
    return [bent("release.rolling.maxSurge", "approximated", message)];
  }
  if (plan.strategy !== "canary") return [];
  return plan.steps.flatMap(({ weight }, index) => {
    // The old version is taken to have as many copies: what it has is known only when the release begins.
    const share = shareOf(copies, copies, serverWeights(copies, copies, weight));
    if (share === weight) return [];
    const message =
      share === 0
        ? `The gateway's smallest share is 0.39 %, so that the new version gets nothing at ${weight} %.`
        : `The gateway gives the new version ${Number(share.toFixed(3))} % instead of ${weight} %.`;
    const feature = `release.canary.steps[${index}].weight`;
    return [bent(feature, share === 0 ? "dropped" : "approximated", message)];
  });
}
