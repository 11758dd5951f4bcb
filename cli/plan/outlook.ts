import type { ResolvedService } from "../../components/model/delivered-services";
import type { Diagnostic, Fidelity } from "../../components/model/diagnostics";
import type { Problem } from "../../components/model/problem";
import type { Target } from "../../components/model/target";
import { compileRelease } from "../../components/release/compile";
import { exposureAt, type Stage, secondsToAll } from "../../components/release/compile/exposure";
import type { Router } from "../../components/release/compile/target";
import type { Traffic } from "../../components/release/traffic";
import { smallestVisibleRatio } from "../../components/release/visible";

/** One step as a target carries it out. */
export interface OutlookStep {
  /** Seconds after the new version may first have traffic. */
  atSeconds: number;
  /** Share of the traffic in percent. */
  weight: number;
  holdSeconds: number;
  gate: string;
  /** Requests the new version answers in it. */
  requests: number;
  /** Smallest error ratio, 0 to 1, that is taken back here with a chance of 95 %; absent with too few requests. */
  smallestVisibleErrorRatio?: number;
}

/** What one target makes of a release. */
export interface TargetOutlook {
  target: Target;
  fidelity: Fidelity;
  /** Share of the traffic, 0 to 1, beyond what was asked at any time. */
  maxExposureError: number;
  secondsToAll: number;
  bakeSeconds: number;
  steps: OutlookStep[];
  diagnostics: Diagnostic[];
  /** Steps too short to see what the objectives ask for. */
  warnings: string[];
  problems: Problem[];
  /** The target's own fields. */
  fields: unknown;
}

/** What happens when, for one service on each target. */
export interface Outlook {
  service: string;
  strategy: string;
  traffic: Traffic;
  requested: Stage[];
  bakeSeconds: number;
  targets: TargetOutlook[];
}

/** Compiles a service's release for each target and says what will happen when. Pure. */
export function outlookOf(
  { name, service, release, objectives }: ResolvedService,
  targets: readonly Target[],
  traffic: Traffic,
  router: Router,
): Outlook {
  const compiled = targets.map((target) => compileRelease(release, service, target, { objectives, name, router }));
  const [first] = compiled;
  if (first === undefined) throw new RangeError("outlookOf: no target is given.");
  return {
    service: name,
    strategy: first.requested.strategy,
    traffic,
    requested: first.requested.steps.map(({ weight, holdSeconds }) => ({ weight, holdSeconds })),
    bakeSeconds: first.requested.bakeSeconds,
    targets: compiled.map((plan) => {
      let atSeconds = 0;
      const steps = plan.steps.map(({ weight, holdSeconds, gate }): OutlookStep => {
        const visible = smallestVisibleRatio(plan.requested.rule, traffic, { weight, holdSeconds });
        const step = {
          atSeconds,
          weight,
          holdSeconds,
          gate,
          requests: Math.round((traffic.requestsPerSecond * weight * holdSeconds) / 100),
          ...(visible !== undefined && { smallestVisibleErrorRatio: visible }),
        };
        atSeconds += holdSeconds;
        return step;
      });
      const { target, fidelity, maxExposureError, bakeSeconds, diagnostics, warnings, problems, fields } = plan;
      return {
        target,
        fidelity,
        maxExposureError,
        secondsToAll: secondsToAll(plan.steps),
        bakeSeconds,
        steps,
        diagnostics,
        warnings,
        problems,
        fields,
      };
    }),
  };
}

const BARS = "▁▂▃▄▅▆▇█";

/** The share over time as a row of bars, one for each part of the time given. */
export function sparkline(stages: readonly Stage[], seconds: number, length: number): string {
  return Array.from({ length }, (_, index) => {
    const share = exposureAt(stages, (seconds * (index + 0.5)) / length);
    return BARS[Math.min(BARS.length - 1, Math.floor((share / 100) * BARS.length))];
  }).join("");
}
