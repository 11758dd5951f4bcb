import type { Diagnostic } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import { Gate, OnFailure } from "../../model/release";
import type { BlueGreenStrategy } from "./kubernetes-argo";
import { type HookCall, hookCall, migrationCall, sideBySide, templatesOf } from "./kubernetes-hooks";
import { type JudgeUse, timedAnalysis } from "./kubernetes-judge";
import { ABORT_SECONDS, type StrategyPart, uncounted, unjudged, wholeSeconds } from "./kubernetes-strategy";
import { bent, type CompileInput, impossible } from "./target";

/**
 * All traffic at once: blueGreen, and immediate, which is the same without a wait. No router is needed. The bake is an
 * analysis after the switch: until it has passed, Argo keeps the old pods and goes back by itself.
 */
export function blueGreenStrategy(input: CompileInput): StrategyPart {
  const { name, release, requested } = input;
  const [step] = requested.steps;
  const hold = wholeSeconds("release.blueGreen.promoteAfter", step?.holdSeconds ?? 0);
  const bake = wholeSeconds("release.bake", requested.bakeSeconds);
  const manual = step?.gate === Gate.manual;
  const before = [
    migrationCall(release, name),
    hookCall(release, name, "beforeTraffic"),
    // Without a step, as in an immediate release, there is nothing to come after.
    ...(step === undefined ? [] : [hookCall(release, name, "afterStep")]),
    hookCall(release, name, "beforePromote"),
  ].filter((call): call is HookCall => call !== undefined);
  const afterPromote = hookCall(release, name, "afterPromote");
  const baked = bake.seconds > 0 && !unjudged(input);
  const judges: JudgeUse[] = baked ? ["bake"] : [];
  const prePromotionAnalysis = sideBySide(before.map(({ analysis }) => analysis));
  const postPromotionAnalysis = sideBySide([
    ...(afterPromote === undefined ? [] : [afterPromote.analysis]),
    ...(baked ? [timedAnalysis(name, "bake", bake.seconds)] : []),
  ]);
  const preview = release.emergency === undefined ? release.blueGreen?.preview : undefined;
  const blueGreen: BlueGreenStrategy = {
    activeService: name,
    previewService: `${name}-preview`,
    ...(preview?.replicas !== undefined && { previewReplicaCount: preview.replicas }),
    autoPromotionEnabled: !manual,
    ...(!manual && hold.seconds > 0 && { autoPromotionSeconds: hold.seconds }),
    ...(prePromotionAnalysis && { prePromotionAnalysis }),
    ...(postPromotionAnalysis && { postPromotionAnalysis }),
    // Without a judge the old pods stay for as long, and somebody may go back to them at once.
    ...(!baked && bake.seconds > 0 && { scaleDownDelaySeconds: bake.seconds }),
    abortScaleDownDelaySeconds: ABORT_SECONDS,
  };
  return {
    strategy: { blueGreen },
    minReadySeconds: 0,
    steps: requested.steps.map((one) => ({ ...one, holdSeconds: hold.seconds })),
    bakeSeconds: bake.seconds,
    hookTemplates: templatesOf([...before, afterPromote]),
    judges,
    diagnostics: [...hold.diagnostics, ...bake.diagnostics, ...uncounted(input), ...diagnosticsOf(input)],
    problems: problemsOf(input),
  };
}

function diagnosticsOf({ release, requested, name }: CompileInput): Diagnostic[] {
  if (requested.strategy !== "blueGreen") return [];
  const found: Diagnostic[] = [];
  const { blueGreen } = release;
  if (blueGreen?.preview?.header !== undefined) {
    const message = `Argo Rollouts routes no header to the new version; the Service ${name}-preview reaches it.`;
    found.push(bent("release.blueGreen.preview.header", "dropped", message));
  }
  if (blueGreen?.manual && requested.steps.some(({ holdSeconds }) => holdSeconds > 0)) {
    const message = "Argo Rollouts lets somebody promote as soon as the new version is ready.";
    found.push(bent("release.blueGreen.promoteAfter", "dropped", message));
  }
  if (release.hooks?.afterStep !== undefined) {
    const message = "It is run before the time to promote begins, not after it.";
    found.push(bent("release.hooks.afterStep", "approximated", message));
  }
  return found;
}

function problemsOf({ release }: CompileInput): Problem[] {
  const problems: Problem[] = [];
  const { hooks = {}, migration, onFailure } = release;
  if (hooks.beforeDeploy !== undefined) {
    const problem = "has no place in a blue-green Rollout: its new pods start at once";
    const fix = "Use beforeTraffic, or run it in the pipeline before the release";
    problems.push(impossible("release.hooks.beforeDeploy", problem, fix));
  }
  const others = (["beforeTraffic", "afterStep", "beforePromote"] as const).filter((point) => hooks[point]);
  if (migration !== undefined && others.length > 0) {
    const problem = `cannot go with hooks.${others.join(" and hooks.")}: Argo runs both at the same time`;
    problems.push(impossible("release.migration", problem, "Release by canary, or call one from the other"));
  }
  if (hooks.afterPromote !== undefined && onFailure === OnFailure.pause) {
    const problem = 'cannot go with onFailure "pause": a failed analysis always takes an Argo rollout back';
    problems.push(impossible("release.hooks.afterPromote", problem, 'Set release.onFailure to "rollback"'));
  }
  return problems;
}
