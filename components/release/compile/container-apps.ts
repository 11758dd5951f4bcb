import { defaults } from "../../model/defaults";
import { normaliseService } from "../../model/normalise-service";
import { Gate, type Hook } from "../../model/release";
import type { PlannedStep } from "../plan";
import { containerAppsDiagnostics, containerAppsProblems } from "./container-apps-remarks";
import { secondsToAll } from "./exposure";
import { allHooksSeconds, type HookPoint, hookSeconds, hooksOf, lambdaProblems, migrationSeconds } from "./hook-points";
import type { CompileInput, TargetPlan } from "./target";
import { type FittedShares, wholeShares } from "./whole-shares";

/** A share of one revision, as `ingress.traffic` of an azure-native app.ContainerApp has it. All add up to 100. */
export interface RevisionTraffic {
  /** Gives the revision an address of its own, whatever its share. */
  label: "new" | "old";
  /** The new version is always the latest revision. */
  latestRevision?: true;
  /** The old version's, which is known when a release begins: the driver adds it. */
  revisionName?: string;
  /** A whole percent. */
  weight: number;
}

/** What the driver does next. */
export interface TrafficSplit {
  traffic: RevisionTraffic[];
  holdSeconds: number;
  gate: Gate;
}

/** Something that the driver runs at a point of the release: a container as a job, in the new version's own image if none is named. */
export interface DriverHook {
  point: HookPoint | "migration";
  timeoutSeconds: number;
  container?: { image?: string; command: string[] };
  http?: { url: string };
}

/**
 * A release on Azure Container Apps. The resource starts the new revision without traffic; a driver then sends the
 * splits to the API one after another, and judges in between.
 */
export interface ContainerAppsRelease {
  configuration: {
    activeRevisionsMode: "Multiple";
    /** Earlier revisions that are kept, with their configuration. */
    maxInactiveRevisions: number;
    ingress: { traffic: RevisionTraffic[] };
  };
  template: { terminationGracePeriodSeconds: number };
  /** Splits before the new version has all traffic, in order. */
  splits: TrafficSplit[];
  /** All traffic to the new version. */
  promoted: RevisionTraffic[];
  /** All traffic to the old one again. */
  restored: RevisionTraffic[];
  /** Time the old revision stays active after that. */
  bakeSeconds: number;
  hooks: DriverHook[];
  /** Longest time the release may take. */
  waitSeconds: number;
}

/** Earlier versions that are kept, see Release.retainConfigRevisions. */
const USUAL_REVISIONS = 3;
/** Time a person has at a manual gate before the program stops to wait; the release goes on waiting. */
const MANUAL_SECONDS = 86_400;

/** Compiles a release for Azure Container Apps, which splits traffic between revisions and knows no releases. */
export function compileForContainerApps(input: CompileInput): TargetPlan<ContainerAppsRelease> {
  const { release, service, requested } = input;
  const { startTimeoutSeconds, stopTimeoutSeconds } = normaliseService(service);
  const { steps, diagnostics } = sharesOf(input);
  const gates = steps.filter(({ gate }) => gate === Gate.manual).length * MANUAL_SECONDS;
  const standstill = Math.max(requested.progressDeadlineSeconds, startTimeoutSeconds);
  const hooks = allHooksSeconds(release, steps.length);
  return {
    fields: {
      configuration: {
        activeRevisionsMode: "Multiple",
        maxInactiveRevisions: release.retainConfigRevisions ?? USUAL_REVISIONS,
        ingress: { traffic: trafficAt(0) },
      },
      template: { terminationGracePeriodSeconds: Math.ceil(stopTimeoutSeconds) },
      splits: steps.map(({ weight, holdSeconds, gate }) => ({ traffic: trafficAt(weight), holdSeconds, gate })),
      promoted: trafficAt(100),
      restored: trafficAt(0),
      bakeSeconds: requested.bakeSeconds,
      hooks: driverHooks(input),
      waitSeconds: Math.ceil(secondsToAll(steps) + requested.bakeSeconds + gates + hooks + standstill),
    },
    steps,
    bakeSeconds: requested.bakeSeconds,
    diagnostics: [...diagnostics, ...containerAppsDiagnostics(input)],
    problems: [...lambdaProblems(release, "Container Apps"), ...containerAppsProblems(input)],
  };
}

/** A rolling release has no shares here: the new revision starts beside the old one, and takes all. */
function sharesOf({ release, requested }: CompileInput): FittedShares {
  const steps: PlannedStep[] = requested.strategy === "rolling" ? [] : requested.steps;
  return wholeShares(steps, release.fit ?? defaults.fit, "Container Apps");
}

function trafficAt(weight: number): RevisionTraffic[] {
  return [
    { label: "new", latestRevision: true, weight },
    { label: "old", weight: 100 - weight },
  ];
}

function driverHooks({ release }: CompileInput): DriverHook[] {
  const { migration } = release;
  const hooks = hooksOf(release).filter(({ hook }) => hook.lambda === undefined);
  const called = hooks.map(({ point, hook }) => ({ point, timeoutSeconds: hookSeconds(hook), ...calledBy(hook) }));
  if (migration === undefined) return called;
  const { command } = migration;
  return [{ point: "migration", timeoutSeconds: migrationSeconds(migration), container: { command } }, ...called];
}

const calledBy = ({ container, http }: Hook): Pick<DriverHook, "container" | "http"> => ({
  ...(container && { container }),
  ...(http && { http }),
});
