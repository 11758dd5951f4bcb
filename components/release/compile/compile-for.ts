import { defaults } from "../../model/defaults";
import type { Fidelity } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import { Fit, type Release } from "../../model/release";
import { type Service, Workload } from "../../model/service";
import type { Target } from "../../model/target";
import { withUsualCopies } from "../../model/usual-copies";
import { blindSteps } from "../blind-steps";
import { normaliseRelease } from "../normalise-release";
import { exposureError } from "./exposure";
import {
  type CompiledRelease,
  type CompileInput,
  type CompileOptions,
  impossible,
  Router,
  type TargetPlan,
} from "./target";

const worst: Fidelity[] = ["exact", "emulated", "approximated", "dropped"];

/** What one compiler makes of a release, with what holds for every target: see compileRelease. */
export function compileFor<Fields>(
  target: Target,
  compiler: (input: CompileInput) => TargetPlan<Fields>,
  release: Release,
  service: Service,
  options: CompileOptions = {},
): CompiledRelease<Fields> {
  const { objectives = {}, name = "service", router = Router.traefik } = options;
  const { counted = true, timed = service.metrics !== undefined } = options;
  const copied = withUsualCopies(service, target);
  const requested = normaliseRelease({ release, service: copied, objectives });
  const plan = compiler({ release, service: copied, objectives, name, router, counted, timed, requested });
  const { diagnostics } = plan;
  // A rolling release asks for no shares: they follow from its copies.
  const error = requested.strategy === "rolling" ? 0 : exposureError(requested.steps, plan.steps);
  const exact = (release.fit ?? defaults.fit) === Fit.exact;
  return {
    ...plan,
    target,
    requested,
    fidelity: worst[Math.max(0, ...diagnostics.map(({ fidelity }) => worst.indexOf(fidelity)))] ?? "exact",
    maxExposureError: Math.max(error, ...diagnostics.map((diagnostic) => diagnostic.maxExposureError)),
    warnings: release.emergency
      ? []
      : blindSteps(requested, plan.steps, release.analysis?.requestsPerSecond, objectives),
    problems: [
      ...workloadProblems(release, service),
      ...plan.problems,
      ...(exact ? diagnostics : []).map(({ feature, fidelity, message }) => ({
        path: feature,
        problem: `would be ${fidelity} here, and release.fit is "exact"`,
        fix: `${message} Remove the setting, or choose another release.fit`,
      })),
    ],
  };
}

/** Copies with a name or a machine of their own are replaced one for one: no target can give them a share. */
function workloadProblems(release: Release, service: Service): Problem[] {
  const { workload = Workload.replicated } = service;
  const strategy = (["canary", "blueGreen"] as const).find((name) => release[name] !== undefined);
  if (workload === Workload.replicated || strategy === undefined) return [];
  const problem = `cannot be "${workload}" in a ${strategy} release`;
  return [impossible("service.workload", problem, "Release it by rolling, or make its copies interchangeable")];
}
