import type { core } from "@pulumi/kubernetes/types/input";
import type { Diagnostic } from "../../model/diagnostics";
import type { PlainProbe, PlainService } from "../../model/normalise-service";
import type { Health } from "../../model/service";
import { bent } from "../../release/compile/target";
import { wholeSeconds } from "./plan-amounts";
import { MAIN_PORT } from "./plan-names";

/** Least time between two requests of a probe. */
const LEAST_SECONDS = 1;

/** The probes of a container. */
export function probesOf(
  plain: PlainService,
): Pick<core.v1.Container, "readinessProbe" | "livenessProbe" | "startupProbe"> {
  const { readiness, liveness, startTimeoutSeconds } = plain;
  // A liveness probe alone would kill a copy that is still starting.
  const startup = plain.startup ?? liveness;
  return {
    readinessProbe: { ...probe(readiness), successThreshold: readiness.healthyAfter },
    ...(liveness && { livenessProbe: probe(liveness) }),
    ...(startup && {
      startupProbe: {
        ...probe(startup),
        failureThreshold: Math.max(
          1,
          Math.ceil(startTimeoutSeconds / wholeSeconds(startup.intervalSeconds, LEAST_SECONDS)),
        ),
      },
    }),
  };
}

function probe({ path, intervalSeconds, timeoutSeconds, unhealthyAfter }: PlainProbe) {
  return {
    httpGet: { path, port: MAIN_PORT },
    periodSeconds: wholeSeconds(intervalSeconds, LEAST_SECONDS),
    timeoutSeconds: wholeSeconds(timeoutSeconds, LEAST_SECONDS),
    failureThreshold: unhealthyAfter,
  };
}

/** What the probes of Kubernetes do differently. */
export function probeDiagnostics(health: Health, plain: PlainService): Diagnostic[] {
  return (["readiness", "liveness", "startup"] as const).flatMap((kind) => {
    const [asked, each] = [health[kind], plain[kind]];
    if (asked === undefined || each === undefined) return [];
    const found = (["interval", "timeout"] as const).flatMap((key) => {
      const seconds = each[`${key}Seconds`];
      const whole = wholeSeconds(seconds, LEAST_SECONDS);
      const message = `Kubernetes probes in whole seconds: ${seconds} s become ${whole} s.`;
      return whole === seconds ? [] : [bent(`service.health.${kind}.${key}`, "approximated", message)];
    });
    if (kind !== "readiness" && (asked.healthyAfter ?? 1) !== 1) {
      const message = "Kubernetes takes one good answer for well, but for readiness.";
      found.push(bent(`service.health.${kind}.healthyAfter`, "dropped", message));
    }
    return found;
  });
}
