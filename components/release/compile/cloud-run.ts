import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import { Gate, type Hook, OnFailure, OnUndecided } from "../../model/release";
import type {
  AlertCheck,
  AutomationRule,
  CanaryRuntime,
  DeployStrategy,
  FreezePolicy,
  PhaseActions,
  PhaseAnalysis,
  PhaseConfig,
} from "./cloud-run-deploy";
import { freezePolicy } from "./cloud-run-freeze";
import { analysisOf, type Phase, phasesOf } from "./cloud-run-phases";
import { cloudRunDiagnostics, cloudRunProblems } from "./cloud-run-remarks";
import { secondsToAll } from "./exposure";
import { allHooksSeconds, type HookPoint, hookSeconds, hooksOf, lambdaProblems, migrationSeconds } from "./hook-points";
import { bent, type CompileInput, type TargetPlan } from "./target";

/** A custom action of skaffold.yaml. Without an image it runs in the new version's own. */
export interface DeployAction {
  name: string;
  timeoutSeconds: number;
  container?: { image?: string; command: string[] };
  /** Asked for by a container; any answer from 200 to 299 is a success. */
  http?: { url: string };
}

/** A release on Cloud Run by Cloud Deploy, in arguments of the resources of gcp.clouddeploy. */
export interface CloudRunRelease {
  pipeline: { serialPipeline: { stages: { targetId: string; strategy: DeployStrategy }[] } };
  /** Absent when every phase waits for a person and nothing goes back by itself. */
  automation?: { selector: { targets: { id: string }[] }; rules: AutomationRule[] };
  target: { executionConfigs: { usages: string[]; executionTimeout: string }[] };
  /** Freeze windows. */
  policy?: FreezePolicy;
  /** Of the service's template. */
  template: { sessionAffinity?: boolean };
  /** Actions that the phases name. */
  actions: DeployAction[];
  /** Longest time the release may take. */
  waitSeconds: number;
}

const USAGES = ["RENDER", "DEPLOY", "PREDEPLOY", "VERIFY", "POSTDEPLOY"];
/** Limits of one execution, ten minutes and a day (Cloud Deploy's reference of ExecutionConfig). */
const LEAST_EXECUTION_SECONDS = 600;
const MOST_EXECUTION_SECONDS = 86_400;
/** Time a person has at a manual gate before the program stops to wait; the release goes on waiting. */
const MANUAL_SECONDS = 86_400;

/** Compiles a release for Cloud Run with Cloud Deploy (release-strategies.md 2.4 B). */
export function compileForCloudRun(input: CompileInput): TargetPlan<CloudRunRelease> {
  const { name, release, requested } = input;
  const { phases, steps, diagnostics, problems } = phasesOf(input);
  const bakeSeconds = release.emergency === undefined ? analysisOf(requested.bakeSeconds) : 0;
  const all = withFirstPhase(input, phases);
  const executionSeconds = executionTime(input);
  const rules = automationRules(input, all);
  const policy = release.freeze && release.emergency === undefined ? freezePolicy(name, release.freeze) : undefined;
  const gates = steps.filter(({ gate }) => gate === Gate.manual).length * MANUAL_SECONDS;
  const hooks = allHooksSeconds(release, steps.length);
  return {
    fields: {
      pipeline: { serialPipeline: { stages: [{ targetId: name, strategy: strategyOf(input, all, bakeSeconds) }] } },
      ...(rules.length > 0 && { automation: { selector: { targets: [{ id: name }] }, rules } }),
      target: { executionConfigs: [{ usages: USAGES, executionTimeout: `${executionSeconds}s` }] },
      ...(policy && { policy }),
      template: requested.strategy === "canary" && release.canary?.route?.sticky ? { sessionAffinity: true } : {},
      actions: actionsOf(input),
      waitSeconds: secondsToAll(steps) + bakeSeconds + gates + hooks + executionSeconds,
    },
    steps,
    bakeSeconds,
    diagnostics: [
      ...diagnostics,
      ...bakeDiagnostics(input, bakeSeconds),
      ...deadlineDiagnostics(input),
      ...cloudRunDiagnostics(input),
    ],
    problems: [...problems, ...lambdaProblems(release, "Cloud Deploy"), ...cloudRunProblems(input)],
  };
}

/** A hook before the traffic needs the new version to be there without any. */
function withFirstPhase({ release }: CompileInput, phases: readonly Phase[]): Phase[] {
  const { beforeTraffic, beforePromote } = release.hooks ?? {};
  const needed = beforeTraffic ?? (phases.length === 0 ? beforePromote : undefined);
  if (needed === undefined || phases[0]?.percentage === 0) return [...phases];
  return [{ percentage: 0, analysisSeconds: 0, waitSeconds: 0, gate: Gate.auto, step: false }, ...phases];
}

function strategyOf(input: CompileInput, phases: readonly Phase[], bakeSeconds: number): DeployStrategy {
  const predeploy = actionList(input, ["beforeDeploy"], input.release.migration === undefined ? [] : ["migration"]);
  const postdeploy = actionList(input, ["afterPromote"]);
  const bake = analysisFor(input, bakeSeconds);
  if (phases.length === 0) {
    return {
      standard: { ...(bake && { analysis: bake }), ...(predeploy && { predeploy }), ...(postdeploy && { postdeploy }) },
    };
  }
  const tag = input.requested.strategy === "canary" ? "canary" : "preview";
  const runtimeConfig: CanaryRuntime = { cloudRun: { automaticTrafficControl: true, canaryRevisionTags: [tag] } };
  const own = (["beforeTraffic", "afterStep", "beforePromote"] as const).some((point) => input.release.hooks?.[point]);
  if (!own && phases.every(({ analysisSeconds }) => analysisSeconds === bakeSeconds)) {
    return {
      canary: {
        runtimeConfig,
        canaryDeployment: {
          percentages: phases.map(({ percentage }) => percentage),
          ...(bake && { analysis: bake }),
          ...(predeploy && { predeploy }),
          ...(postdeploy && { postdeploy }),
        },
      },
    };
  }
  const phaseConfigs = phases.map(({ percentage, analysisSeconds, step }, index): PhaseConfig => {
    const analysis = analysisFor(input, analysisSeconds);
    const points: HookPoint[] = percentage === 0 ? ["beforeTraffic"] : [];
    if (step) points.push("afterStep");
    if (index === phases.length - 1) points.push("beforePromote");
    const after = actionList(input, points);
    return {
      phaseId: phaseId(percentage),
      percentage,
      ...(analysis && { analysis }),
      ...(index === 0 && predeploy && { predeploy }),
      ...(after && { postdeploy: after }),
    };
  });
  const stable: PhaseConfig = {
    phaseId: "stable",
    percentage: 100,
    ...(bake && { analysis: bake }),
    ...(postdeploy && { postdeploy }),
  };
  return { canary: { runtimeConfig, customCanaryDeployment: { phaseConfigs: [...phaseConfigs, stable] } } };
}

/** As Cloud Deploy names the phases of a canaryDeployment itself. */
const phaseId = (percentage: number) => `canary-${percentage}`;

function analysisFor({ requested }: CompileInput, seconds: number): PhaseAnalysis | undefined {
  if (seconds === 0) return undefined;
  // Missing data never promotes; too few requests do so only when that was asked for.
  const checks: AlertCheck[] = ["failing", "no-data"];
  if (requested.onUndecided !== OnUndecided.promote) checks.push("undecided");
  return {
    duration: `${seconds}s`,
    googleCloud: { alertPolicyChecks: checks.map((id) => ({ id, alertPolicies: [] })) },
  };
}

/** The phases that are left without a person, by the time that is waited after them. */
function automationRules({ release }: CompileInput, phases: readonly Phase[]): AutomationRule[] {
  const byWait = new Map<number, string[]>();
  for (const { percentage, waitSeconds, gate } of phases) {
    if (gate === Gate.manual) continue;
    byWait.set(waitSeconds, [...(byWait.get(waitSeconds) ?? []), phaseId(percentage)]);
  }
  const rules = [...byWait].map(([seconds, sourcePhases]): AutomationRule => {
    const id = byWait.size === 1 ? "advance" : `advance-after-${seconds}s`;
    return { advanceRolloutRule: { id, sourcePhases, wait: `${seconds}s` } };
  });
  if (release.onFailure === OnFailure.pause) return rules;
  const repairPhases = [{ rollback: { disableRollbackIfRolloutPending: false } }];
  return [...rules, { repairRolloutRule: { id: "rollback", repairPhases } }];
}

function executionTime({ release, service, requested }: CompileInput): number {
  const { startTimeoutSeconds } = normaliseService(service);
  const hooks = hooksOf(release).map(({ hook }) => hookSeconds(hook));
  const migration = release.migration === undefined ? 0 : migrationSeconds(release.migration);
  const seconds = Math.ceil(Math.max(requested.progressDeadlineSeconds, startTimeoutSeconds, migration, ...hooks));
  return Math.min(MOST_EXECUTION_SECONDS, Math.max(LEAST_EXECUTION_SECONDS, seconds));
}

function actionList({ release }: CompileInput, points: HookPoint[], others: string[] = []): PhaseActions | undefined {
  const hooks = hooksOf(release).filter(({ point }) => points.includes(point));
  const actions = [...hooks.map(({ id }) => id), ...others];
  return actions.length === 0 ? undefined : { actions };
}

function actionsOf({ release }: CompileInput): DeployAction[] {
  const hooks = hooksOf(release).filter(({ point, hook }) => point !== "onRollback" && hook.lambda === undefined);
  const { migration } = release;
  return [
    ...hooks.map(({ id, hook }) => ({ name: id, timeoutSeconds: hookSeconds(hook), ...calledBy(hook) })),
    ...(migration === undefined
      ? []
      : [
          {
            name: "migration",
            timeoutSeconds: migrationSeconds(migration),
            container: { command: migration.command },
          },
        ]),
  ];
}

const calledBy = ({ container, http }: Hook): Pick<DeployAction, "container" | "http"> => ({
  ...(container && { container }),
  ...(http && { http }),
});

function bakeDiagnostics({ requested }: CompileInput, seconds: number): Diagnostic[] {
  if (requested.bakeSeconds === seconds) return [];
  const message =
    seconds < requested.bakeSeconds
      ? "Cloud Deploy watches a phase for at most 48 hours."
      : `Cloud Deploy counts whole minutes: ${requested.bakeSeconds} s become ${seconds} s.`;
  return [bent("release.bake", "approximated", message)];
}

function deadlineDiagnostics({ release, requested }: CompileInput): Diagnostic[] {
  const { progressDeadlineSeconds: asked } = requested;
  const possible = asked >= LEAST_EXECUTION_SECONDS && asked <= MOST_EXECUTION_SECONDS;
  if (release.progressDeadline === undefined || (possible && Number.isInteger(asked))) return [];
  const message = "Cloud Deploy gives a job from ten minutes to a day, in whole seconds.";
  return [bent("release.progressDeadline", "approximated", message)];
}
