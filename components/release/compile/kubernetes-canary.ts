import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import type { Problem } from "../../model/problem";
import { Gate, OnFailure, ScaleMode } from "../../model/release";
import type { PlannedStep } from "../plan";
import type { CanaryStrategy, RolloutStep } from "./kubernetes-argo";
import { hookCall, hookStep, migrationCall, templatesOf } from "./kubernetes-hooks";
import { gateAnalysis, type JudgeUse, releaseAnalysis, timedAnalysis } from "./kubernetes-judge";
import { type Routing, routingOf } from "./kubernetes-routing";
import {
  ABORT_SECONDS,
  fitOf,
  hurried,
  type StrategyPart,
  uncountedProblem,
  wholeSeconds,
} from "./kubernetes-strategy";
import { podWeights } from "./pod-ratio";
import { bent, type CompileInput, impossible, Router } from "./target";
import { type FittedShares, wholeShares } from "./whole-shares";

/** Digits behind the point of a percent that nginx is told. */
const MOST_DIGITS = 3;

/** A canary, or an emergency of a service that is released by canary otherwise: the kind of Rollout stays the same. */
export function canaryStrategy(input: CompileInput): StrategyPart {
  const { name, release, requested } = input;
  const parts = partsOf(input);
  const routing = routingOf(input, parts);
  const shares = sharesOf(input, parts);
  const holds = wholeHolds(shares.steps);
  const bake = wholeSeconds("release.bake", requested.bakeSeconds);
  const calls = {
    beforeDeploy: hookCall(release, name, "beforeDeploy"),
    migration: migrationCall(release, name),
    beforeTraffic: hookCall(release, name, "beforeTraffic"),
    afterStep: hookCall(release, name, "afterStep"),
    beforePromote: hookCall(release, name, "beforePromote"),
    afterPromote: hookCall(release, name, "afterPromote"),
  };
  const routed = routing.trafficRouting !== undefined;
  const fixed = routed && requested.strategy === "canary" ? fixedPods(input) : undefined;
  const steps: RolloutStep[] = [...hookStep(calls.beforeDeploy), ...hookStep(calls.migration)];
  if (fixed !== undefined) steps.push({ setCanaryScale: { replicas: fixed } });
  if (calls.beforeTraffic !== undefined && routed) {
    if (fixed === undefined) steps.push({ setCanaryScale: { replicas: 1 } });
    steps.push(...hookStep(calls.beforeTraffic));
    if (fixed === undefined) steps.push({ setCanaryScale: { matchTrafficWeight: true } });
  }
  const startingStep = steps.length + 1;
  const judged = !hurried(input);
  const uses = new Set<JudgeUse>(judged ? ["release"] : []);
  for (const [index, step] of holds.steps.entries()) {
    const before = index === 0 ? undefined : shares.weights[index - 1];
    const weight = shares.weights[index] ?? 0;
    if (weight !== before) steps.push({ setWeight: weight });
    if (weight > 0 && !before) steps.push(...routing.steps);
    steps.push(...holdSteps(name, step, uses), ...hookStep(calls.afterStep));
  }
  steps.push(...hookStep(calls.beforePromote));
  if (!judged && routed) steps.push({ setCanaryScale: { weight: 100 } });
  else if (fixed !== undefined) steps.push({ setCanaryScale: { matchTrafficWeight: true } });
  steps.push(...lastSteps(input, 100 * parts, bake.seconds, hookStep(calls.afterPromote), uses));
  const canary: CanaryStrategy = {
    ...(routed ? { canaryService: `${name}-canary`, stableService: name } : surge(judged)),
    ...(routing.trafficRouting && { trafficRouting: routing.trafficRouting }),
    ...(steps.length > 0 && { steps }),
    ...(judged && { analysis: { ...releaseAnalysis(name), startingStep } }),
    ...(routed && release.canary?.scale?.shrinkStable && { dynamicStableScale: true }),
    ...(routed && { abortScaleDownDelaySeconds: ABORT_SECONDS }),
  };
  return {
    strategy: { canary },
    minReadySeconds: 0,
    steps: holds.steps,
    bakeSeconds: routed ? bake.seconds : 0,
    hookTemplates: templatesOf(Object.values(calls)),
    judges: [...uses],
    diagnostics: [
      ...shares.diagnostics,
      ...holds.diagnostics,
      ...bake.diagnostics,
      ...routing.diagnostics,
      ...(routed ? [] : unroutedDiagnostics(input)),
    ],
    problems: [...problemsOf(input, routing), ...uncountedProblem(input)],
  };
}

/** Parts of a percent that the router is told: only nginx takes them (the validation of maxTrafficWeight). */
function partsOf({ router, requested }: CompileInput): number {
  if (router !== Router.nginx) return 1;
  const digits = requested.steps.map(({ weight }) => String(weight).split(".")[1]?.length ?? 0);
  return 10 ** Math.min(MOST_DIGITS, Math.max(0, ...digits));
}

/** The shares, and the weights that give them. */
function sharesOf(input: CompileInput, parts: number): FittedShares & { weights: number[] } {
  const { requested, service, router } = input;
  if (router === Router.none) {
    const { copies, autoscaler = { min: copies, max: copies } } = normaliseService(service);
    return podWeights(requested.steps, autoscaler, fitOf(input));
  }
  const shares = wholeShares(requested.steps, fitOf(input), "Argo Rollouts", parts);
  return { ...shares, weights: shares.steps.map(({ weight }) => Math.round(weight * parts)) };
}

function wholeHolds(steps: readonly PlannedStep[]): { steps: PlannedStep[]; diagnostics: Diagnostic[] } {
  const holds = steps.map(({ holdSeconds }, index) => wholeSeconds(`release.canary.steps[${index}].hold`, holdSeconds));
  return {
    steps: steps.map((step, index) => ({ ...step, holdSeconds: holds[index]?.seconds ?? step.holdSeconds })),
    diagnostics: holds.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** The time at a weight, and what opens the next one. At 0 % there is nothing to judge. */
function holdSteps(name: string, { weight, holdSeconds, gate }: PlannedStep, uses: Set<JudgeUse>): RolloutStep[] {
  const pause: RolloutStep = { pause: { duration: `${holdSeconds}s` } };
  if (gate === Gate.manual) return [pause, { pause: {} }];
  if (weight === 0) return [pause];
  const asked: RolloutStep = { analysis: gateAnalysis(name) };
  if (gate === Gate.verdict) {
    uses.add("verdict").add("gate");
    return [{ analysis: timedAnalysis(name, "verdict", holdSeconds) }, asked];
  }
  uses.add("gate");
  return [pause, asked];
}

/** All traffic while the old pods are still there, so that the judge can take it back at once until the bake is over. */
function lastSteps(
  input: CompileInput,
  all: number,
  bakeSeconds: number,
  afterPromote: RolloutStep[],
  uses: Set<JudgeUse>,
): RolloutStep[] {
  if (hurried(input)) return [{ setWeight: all }, ...afterPromote];
  if (bakeSeconds === 0) return afterPromote.length === 0 ? [] : [{ setWeight: all }, ...afterPromote];
  uses.add("gate");
  const bake: RolloutStep[] = [{ pause: { duration: `${bakeSeconds}s` } }, { analysis: gateAnalysis(input.name) }];
  return [{ setWeight: all }, ...afterPromote, ...bake];
}

function fixedPods({ release }: CompileInput): number | undefined {
  const { mode, replicas } = release.canary?.scale ?? {};
  return mode === ScaleMode.fixed ? replicas : undefined;
}

/** Without a router one pod more than wanted, so that none is missing; in an emergency all at once. */
const surge = (judged: boolean) => ({ maxSurge: judged ? 1 : "100%", maxUnavailable: 0 });

function unroutedDiagnostics({ release, requested }: CompileInput): Diagnostic[] {
  if (requested.strategy !== "canary") return [];
  const found: Diagnostic[] = [];
  const { scale } = release.canary ?? {};
  if (scale?.mode === ScaleMode.fixed) {
    const message = "Without a router the number of pods is the share, and cannot be fixed beside it.";
    found.push(bent("release.canary.scale.mode", "dropped", message));
  }
  const gone = "Without a router the old version's pods go as its share falls, and going back has to start them again";
  if (scale?.shrinkStable === false) {
    found.push(bent("release.canary.scale.shrinkStable", "dropped", `${gone}.`));
  }
  if (release.bake !== undefined && requested.bakeSeconds > 0) {
    const message = `${gone}; the new version is judged for the whole bake all the same.`;
    found.push(bent("release.bake", "approximated", message));
  }
  return found;
}

function problemsOf({ release, requested }: CompileInput, { trafficRouting }: Routing): Problem[] {
  const problems: Problem[] = [];
  const { hooks = {}, onFailure } = release;
  if (hooks.beforeTraffic !== undefined && trafficRouting === undefined) {
    const problem = "cannot be run without a router: there a pod has traffic as soon as it is ready";
    problems.push(impossible("release.hooks.beforeTraffic", problem, "Choose a router, or release by blueGreen"));
  }
  if (release.canary?.scale?.shrinkStable && trafficRouting !== undefined && requested.bakeSeconds > 0) {
    const problem = "leaves no old pods for the bake, and Argo Rollouts refuses it beside a delay for them";
    const fix = 'Set release.bake to "0s", or remove shrinkStable';
    problems.push(impossible("release.canary.scale.shrinkStable", problem, fix));
  }
  if (onFailure !== OnFailure.pause) return problems;
  for (const point of ["afterStep", "beforePromote", "afterPromote"] as const) {
    if (hooks[point] === undefined) continue;
    const problem = 'cannot go with onFailure "pause": a failed analysis always takes an Argo rollout back';
    const fix = 'Run it before the traffic, or set release.onFailure to "rollback"';
    problems.push(impossible(`release.hooks.${point}`, problem, fix));
  }
  return problems;
}
