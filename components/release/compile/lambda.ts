import type { Diagnostic } from "../../model/diagnostics";
import type { Problem } from "../../model/problem";
import { Gate, OnFailure } from "../../model/release";
import { stepsOnLadder } from "./aws-steps";
import { secondsToAll } from "./exposure";
import type { Ladder, LadderLimits } from "./ladder";
import { bent, type CompileInput, impossible, type TargetPlan } from "./target";

/** Settings of CodeDeploy for a Lambda alias: `aws.codedeploy.DeploymentConfig` and `DeploymentGroup`. */
export interface LambdaRelease {
  deploymentConfig: {
    computePlatform: "Lambda";
    trafficRoutingConfig: {
      type: "AllAtOnce" | "TimeBasedCanary" | "TimeBasedLinear";
      /** Minutes and percent. */
      timeBasedCanary?: { interval: number; percentage: number };
      timeBasedLinear?: { interval: number; percentage: number };
    };
  };
  deploymentGroup: {
    deploymentStyle: { deploymentType: "BLUE_GREEN"; deploymentOption: "WITH_TRAFFIC_CONTROL" };
    autoRollbackConfiguration: { enabled: boolean; events: string[] };
    /** The alarms' names are the component's to add. An alarm that cannot be read stops the deployment. */
    alarmConfiguration: { enabled: boolean; ignorePollAlarmFailure: boolean };
  };
  /** Functions in the deployment's AppSpec. */
  appSpecHooks: { BeforeAllowTraffic?: string; AfterAllowTraffic?: string };
}

/** CodeDeploy takes whole percents and minutes, and a deployment lasts at most two days. */
const LIMITS: LadderLimits = { smallestLinear: 1, smallestCanary: 1, grain: 1, mostMinutes: 2880 };

const EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];

/** Compiles a release for a Lambda alias whose weights CodeDeploy shifts: one step or equal steps, whole minutes. */
export function compileForLambda(input: CompileInput): TargetPlan<LambdaRelease> {
  const { release, requested } = input;
  const rollback = (release.onFailure ?? OnFailure.rollback) === OnFailure.rollback;
  const canary = requested.strategy === "canary" ? stepsOnLadder(input, "Lambda", LIMITS) : undefined;
  const { beforeTraffic, afterPromote } = release.hooks ?? {};
  const problems = [...(canary?.problems ?? []), ...problemsOf(input)];
  if (secondsToAll(canary?.steps ?? []) > LIMITS.mostMinutes * 60) {
    const fix = "Shorten the holds";
    problems.push(impossible("release.canary.steps", "last longer than the two days of a CodeDeploy deployment", fix));
  }
  return {
    fields: {
      deploymentConfig: { computePlatform: "Lambda", trafficRoutingConfig: routing(canary?.ladder) },
      deploymentGroup: {
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        autoRollbackConfiguration: { enabled: rollback, events: rollback ? EVENTS : [] },
        alarmConfiguration: { enabled: true, ignorePollAlarmFailure: false },
      },
      appSpecHooks: {
        ...(beforeTraffic?.lambda && { BeforeAllowTraffic: beforeTraffic.lambda.arn }),
        ...(afterPromote?.lambda && { AfterAllowTraffic: afterPromote.lambda.arn }),
      },
    },
    steps: canary?.steps ?? (requested.strategy === "blueGreen" ? requested.steps : []),
    bakeSeconds: 0,
    diagnostics: [...(canary?.diagnostics ?? []), ...diagnosticsOf(input)],
    problems,
  };
}

function routing(ladder: Ladder | undefined): LambdaRelease["deploymentConfig"]["trafficRoutingConfig"] {
  if (ladder === undefined) return { type: "AllAtOnce" };
  const settings = { interval: ladder.minutes, percentage: ladder.percent };
  return ladder.shape === "canary"
    ? { type: "TimeBasedCanary", timeBasedCanary: settings }
    : { type: "TimeBasedLinear", timeBasedLinear: settings };
}

function diagnosticsOf({ release, requested }: CompileInput): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (asked: unknown, ...remark: Parameters<typeof bent>) => {
    if (asked !== undefined) found.push(bent(...remark));
  };
  const { canary, rolling, blueGreen, analysis } = release;
  const copies = "A function has no copies to exchange: all traffic moves at once.";
  if (requested.strategy === "rolling") add(true, "release.rolling", "approximated", copies);
  add(rolling?.maxSurge, "release.rolling.maxSurge", "dropped", copies);
  add(rolling?.maxUnavailable, "release.rolling.maxUnavailable", "dropped", copies);
  for (const [index, { gate }] of requested.steps.entries()) {
    if (requested.strategy !== "canary" || gate !== Gate.verdict) continue;
    const message = "CodeDeploy waits for the whole hold; an alarm takes the release back on the way.";
    add(true, `release.canary.steps[${index}].gate`, "approximated", message);
  }
  const bake = "CodeDeploy ends with the last shift: afterwards nothing takes the release back by itself.";
  add(release.bake, "release.bake", "dropped", bake);
  const route = "release.canary.route";
  const alias = "An alias chooses by weight alone.";
  add(canary?.route?.header, `${route}.header`, "dropped", alias);
  add(canary?.route?.mirrorPercent, `${route}.mirrorPercent`, "dropped", alias);
  add(canary?.route?.sticky, `${route}.sticky`, "dropped", alias);
  const scale = "Lambda scales each version by its requests.";
  add(canary?.scale, "release.canary.scale", "dropped", scale);
  const preview = "Call the new version by its number to try it before the switch.";
  add(blueGreen?.preview, "release.blueGreen.preview", "approximated", preview);
  const undecided = "An alarm cannot tell too few requests from good ones: the release goes on.";
  if (analysis?.onUndecided !== "promote") {
    add(analysis?.onUndecided, "release.analysis.onUndecided", "approximated", undecided);
  }
  const noData = "The alarm counts missing data as breach: the release is taken back.";
  if (analysis?.onNoData !== "rollback") add(analysis?.onNoData, "release.analysis.onNoData", "approximated", noData);
  return found;
}

function problemsOf({ release, requested }: CompileInput): Problem[] {
  const problems: Problem[] = [];
  const add = (asked: boolean, ...problem: Parameters<typeof impossible>) => {
    if (asked) problems.push(impossible(...problem));
  };
  for (const [index, { gate }] of requested.steps.entries()) {
    const path = requested.strategy === "canary" ? `release.canary.steps[${index}].gate` : "release.blueGreen.manual";
    add(
      gate === Gate.manual,
      path,
      "cannot wait for a person on Lambda",
      "Approve before the release, in the pipeline",
    );
  }
  const wait = requested.strategy === "blueGreen" && secondsToAll(requested.steps) > 0;
  add(wait, "release.blueGreen.promoteAfter", "cannot be waited for on Lambda", 'Set it to "0s", or use a canary');
  const hooks = release.hooks ?? {};
  for (const name of ["beforeTraffic", "afterPromote"] as const) {
    const fix = "Put the call into a Lambda function and name it in hook.lambda";
    const other = hooks[name] !== undefined && hooks[name].lambda === undefined;
    add(other, `release.hooks.${name}`, "must be a Lambda function on Lambda", fix);
  }
  for (const name of ["beforeDeploy", "afterStep", "beforePromote", "onRollback"] as const) {
    const fix = "CodeDeploy calls beforeTraffic and afterPromote only: use these, or the pipeline";
    add(hooks[name] !== undefined, `release.hooks.${name}`, "has no point on Lambda", fix);
  }
  const fix = "Run it as a function in hooks.beforeTraffic, or in the pipeline before the deployment";
  add(release.migration !== undefined, "release.migration", "cannot be run by CodeDeploy", fix);
  return problems;
}
