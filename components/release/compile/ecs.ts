import type { Diagnostic } from "../../model/diagnostics";
import { normaliseService } from "../../model/normalise-service";
import type { Problem } from "../../model/problem";
import { Gate, type Hook, type Hooks, OnFailure } from "../../model/release";
import type { PlannedStep } from "../plan";
import { stepsOnLadder } from "./aws-steps";
import { secondsToAll } from "./exposure";
import type { LadderLimits } from "./ladder";
import { bent, type CompileInput, impossible, type TargetPlan } from "./target";

/** A hook of an ECS deployment. Those that call a function also need the role that may call it. */
export interface EcsLifecycleHook {
  targetType: "AWS_LAMBDA" | "PAUSE";
  lifecycleStages: string[];
  hookTargetArn?: string;
  timeoutConfiguration?: { action: "ROLLBACK" | "CONTINUE"; timeoutInMinutes: string };
}

/** Deployment settings of an `aws.ecs.Service`. All minutes are texts there. */
export interface EcsRelease {
  deploymentController: { type: "ECS" };
  deploymentConfiguration: {
    strategy: "ROLLING" | "BLUE_GREEN" | "CANARY" | "LINEAR";
    bakeTimeInMinutes?: string;
    canaryConfiguration?: { canaryPercent: number; canaryBakeTimeInMinutes: string };
    linearConfiguration?: { stepPercent: number; stepBakeTimeInMinutes: string };
    lifecycleHooks?: EcsLifecycleHook[];
  };
  deploymentMinimumHealthyPercent: number;
  deploymentMaximumPercent: number;
  deploymentCircuitBreaker: { enable: boolean; rollback: boolean };
  /** The alarms' names are the component's to add. */
  alarms: { enable: boolean; rollback: boolean };
  /** Absent with an autoscaler, which owns the number. */
  desiredCount?: number;
  waitForSteadyState: true;
  /** An interrupted `pulumi up` takes the deployment back instead of leaving it half done. */
  sigintRollback: boolean;
}

/** Limits of the API (ECS API reference, LinearConfiguration and CanaryConfiguration; botocore 1.44.5). */
const LIMITS: LadderLimits = { smallestLinear: 3, smallestCanary: 0.1, grain: 0.1, mostMinutes: 1440 };
const MOST_BAKE_MINUTES = 1440;
/** Longest wait of a PAUSE hook: 14 days. */
const MOST_PAUSE_MINUTES = 20_160;

/** Stage of each hook; a function is called once at each, but after every shift at the last. */
const STAGES = {
  beforeDeploy: "PRE_SCALE_UP",
  beforeTraffic: "POST_SCALE_UP",
  afterStep: "POST_PRODUCTION_TRAFFIC_SHIFT",
  beforePromote: "POST_TEST_TRAFFIC_SHIFT",
  afterPromote: "POST_PRODUCTION_TRAFFIC_SHIFT",
} as const satisfies Partial<Record<keyof Hooks, string>>;

/**
 * Compiles a release for Amazon ECS with the ECS deployment controller. It knows one step or equal steps
 * (release-strategies.md 2.3), whole minutes, and goes back by alarms and its circuit breaker.
 */
export function compileForEcs(input: CompileInput): TargetPlan<EcsRelease> {
  const { release, service, requested } = input;
  const { copies, autoscaler } = normaliseService(service);
  const rollback = (release.onFailure ?? OnFailure.rollback) === OnFailure.rollback;
  const shape = trafficShape(input);
  const hooks = [...pauses(input), ...functions(release.hooks ?? {})];
  const bakeMinutes = Math.min(MOST_BAKE_MINUTES, Math.ceil(requested.bakeSeconds / 60));
  const rolling = shape.fields.strategy === "ROLLING";
  return {
    fields: {
      deploymentController: { type: "ECS" },
      deploymentConfiguration: {
        ...shape.fields,
        ...(!rolling && { bakeTimeInMinutes: String(bakeMinutes) }),
        ...(hooks.length > 0 && { lifecycleHooks: hooks }),
      },
      ...percents(input, copies),
      deploymentCircuitBreaker: { enable: true, rollback },
      alarms: { enable: true, rollback },
      ...(autoscaler === undefined && { desiredCount: copies }),
      waitForSteadyState: true,
      sigintRollback: rollback,
    },
    steps: shape.steps,
    bakeSeconds: rolling ? 0 : bakeMinutes * 60,
    diagnostics: [...shape.diagnostics, ...gateDiagnostics(input), ...otherDiagnostics(input, rolling)],
    problems: [...shape.problems, ...hookProblems(input, rolling)],
  };
}

interface TrafficShape {
  fields: Pick<EcsRelease["deploymentConfiguration"], "strategy" | "canaryConfiguration" | "linearConfiguration">;
  steps: PlannedStep[];
  diagnostics: Diagnostic[];
  problems: Problem[];
}

function trafficShape(input: CompileInput): TrafficShape {
  const { requested } = input;
  const plain = { steps: requested.steps, diagnostics: [], problems: [] };
  if (requested.strategy === "rolling") return { ...plain, fields: { strategy: "ROLLING" } };
  if (requested.strategy !== "canary") {
    const steps = requested.steps.map((step) => ({ ...step, holdSeconds: Math.ceil(step.holdSeconds / 60) * 60 }));
    const rounded = secondsToAll(steps) !== secondsToAll(requested.steps);
    const message = `ECS counts in minutes: ${secondsToAll(requested.steps)} s become ${secondsToAll(steps) / 60} min.`;
    return {
      fields: { strategy: "BLUE_GREEN" },
      steps,
      diagnostics: rounded ? [bent("release.blueGreen.promoteAfter", "approximated", message)] : [],
      problems: [],
    };
  }
  const { ladder, ...rest } = stepsOnLadder(input, "ECS", LIMITS);
  if (ladder === undefined) return { ...rest, fields: { strategy: "CANARY" } };
  const { shape, percent, minutes } = ladder;
  return {
    ...rest,
    fields:
      shape === "canary"
        ? {
            strategy: "CANARY",
            canaryConfiguration: { canaryPercent: percent, canaryBakeTimeInMinutes: String(minutes) },
          }
        : { strategy: "LINEAR", linearConfiguration: { stepPercent: percent, stepBakeTimeInMinutes: String(minutes) } },
  };
}

/**
 * Numbers of tasks as percents of the wanted ones. ECS rounds the lower limit up and the upper one down to whole tasks
 * (ECS API reference, DeploymentConfiguration), so that the percents are rounded the other way.
 */
function percents({ release }: CompileInput, copies: number) {
  const { maxSurge = copies, maxUnavailable = 0 } = release.rolling ?? {};
  return {
    deploymentMinimumHealthyPercent: Math.max(0, Math.floor((100 * (copies - maxUnavailable)) / copies)),
    deploymentMaximumPercent: Math.ceil((100 * (copies + maxSurge)) / copies),
  };
}

/** A person, or a time, before the next shift. */
function pauses({ requested }: CompileInput): EcsLifecycleHook[] {
  const pause = (stage: string, action: "ROLLBACK" | "CONTINUE", minutes: number): EcsLifecycleHook => ({
    targetType: "PAUSE",
    lifecycleStages: [stage],
    timeoutConfiguration: { action, timeoutInMinutes: String(minutes) },
  });
  const manual = requested.steps.some(({ gate }) => gate === Gate.manual);
  if (requested.strategy === "canary") {
    return manual ? [pause("POST_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK", MOST_PAUSE_MINUTES)] : [];
  }
  if (requested.strategy !== "blueGreen") return [];
  if (manual) return [pause("POST_TEST_TRAFFIC_SHIFT", "ROLLBACK", MOST_PAUSE_MINUTES)];
  const wait = Math.ceil(secondsToAll(requested.steps) / 60);
  return wait > 0 ? [pause("POST_TEST_TRAFFIC_SHIFT", "CONTINUE", Math.min(wait, MOST_PAUSE_MINUTES))] : [];
}

function functions(hooks: Hooks): EcsLifecycleHook[] {
  return stagedHooks(hooks).flatMap(([name, hook]) =>
    hook.lambda === undefined
      ? []
      : [{ targetType: "AWS_LAMBDA", lifecycleStages: [STAGES[name]], hookTargetArn: hook.lambda.arn }],
  );
}

function stagedHooks(hooks: Hooks): [keyof typeof STAGES, Hook][] {
  return (["beforeDeploy", "beforeTraffic", "afterStep", "beforePromote", "afterPromote"] as const).flatMap((name) => {
    const hook = hooks[name];
    return hook === undefined ? [] : [[name, hook] as [typeof name, Hook]];
  });
}

function gateDiagnostics({ requested }: CompileInput): Diagnostic[] {
  if (requested.strategy !== "canary") return [];
  return requested.steps.flatMap(({ gate }, index): Diagnostic[] => {
    const feature = `release.canary.steps[${index}].gate`;
    if (gate === Gate.verdict) {
      const message = "ECS waits for the whole hold; an alarm takes the release back on the way.";
      return [bent(feature, "approximated", message)];
    }
    if (gate !== Gate.manual) return [];
    const message = "ECS pauses after every shift of the traffic, for at most 14 days; then it takes the release back.";
    return [bent(feature, "approximated", message)];
  });
}

function otherDiagnostics({ release, requested }: CompileInput, rolling: boolean): Diagnostic[] {
  const { canary, blueGreen, analysis } = release;
  const found: Diagnostic[] = [];
  const add = (asked: unknown, ...remark: Parameters<typeof bent>) => {
    if (asked !== undefined) found.push(bent(...remark));
  };
  if (release.bake !== undefined && rolling) {
    add(true, "release.bake", "approximated", "ECS chooses the bake time of a rolling deployment by its alarms.");
  } else if (!rolling && requested.bakeSeconds % 60 !== 0) {
    add(true, "release.bake", "approximated", "ECS counts in minutes: the bake is rounded up.");
  }
  if (requested.bakeSeconds > MOST_BAKE_MINUTES * 60) {
    add(true, "release.bake", "approximated", "ECS bakes for at most 24 hours.");
  }
  const ready = "ECS exchanges a task as soon as the load balancer calls the new one healthy.";
  add(release.rolling?.minReady, "release.rolling.minReady", "approximated", ready);
  const route = "release.canary.route";
  const listener = "A test listener rule with this header reaches the new version; the production listener ignores it.";
  add(canary?.route?.header, `${route}.header`, "approximated", listener);
  add(canary?.route?.mirrorPercent, `${route}.mirrorPercent`, "dropped", "A load balancer of AWS mirrors nothing.");
  const sticky = "Stickiness of the target group keeps a client on one task, with a cookie named by AWS.";
  add(canary?.route?.sticky, `${route}.sticky`, "approximated", sticky);
  const scale = "ECS runs all copies of both versions until the bake is over.";
  add(canary?.scale, "release.canary.scale", "approximated", scale);
  add(blueGreen?.preview?.replicas, "release.blueGreen.preview.replicas", "approximated", scale);
  const undecided = "An alarm cannot tell too few requests from good ones: the release goes on.";
  if (analysis?.onUndecided !== "promote") {
    add(analysis?.onUndecided, "release.analysis.onUndecided", "approximated", undecided);
  }
  const noData = "The alarm counts missing data as breach: the release is taken back.";
  if (analysis?.onNoData !== "rollback") add(analysis?.onNoData, "release.analysis.onNoData", "approximated", noData);
  return found;
}

function hookProblems({ release }: CompileInput, rolling: boolean): Problem[] {
  const problems: Problem[] = [];
  const hooks = release.hooks ?? {};
  for (const [name, hook] of stagedHooks(hooks)) {
    const path = `release.hooks.${name}`;
    if (rolling) {
      problems.push(impossible(path, "is not called by a rolling deployment on ECS", "Choose blueGreen or canary"));
    } else if (hook.lambda === undefined) {
      const fix = "Put the call into a Lambda function and name it in hook.lambda";
      problems.push(impossible(path, "must be a Lambda function on ECS", fix));
    } else if (name === "beforePromote" && release.canary !== undefined) {
      const fix = "Use afterStep, which is called after every shift";
      problems.push(impossible(path, "has no stage in a canary on ECS", fix));
    }
  }
  if (hooks.onRollback !== undefined) {
    const fix = "Subscribe to the event SERVICE_DEPLOYMENT_FAILED in EventBridge, and remove the hook";
    problems.push(impossible("release.hooks.onRollback", "has no stage on ECS", fix));
  }
  if (release.migration !== undefined) {
    const fix = "Run it as a Lambda function in hooks.beforeTraffic, or in the pipeline before the deployment";
    problems.push(impossible("release.migration", "cannot be run by an ECS deployment", fix));
  }
  return problems;
}
