// The parts used here of the arguments of gcp.clouddeploy.DeliveryPipeline, Automation, Target and DeployPolicy, with
// the names and types of @pulumi/gcp 9.37.0.

/** Runs for its whole duration; an alert of any policy fails it. */
export interface PhaseAnalysis {
  /** Whole minutes, in seconds with their unit, at most 48 hours: "300s". */
  duration: string;
  googleCloud: {
    /** The policies' names are known once they are made: the component adds them. */
    alertPolicyChecks: { id: AlertCheck; alertPolicies: string[] }[];
  };
}

/**
 * What alert policies tell. "failing": the new version is bad. "no-data": there are no metrics of it. "undecided": it
 * had too few requests at the end of the phase.
 */
export type AlertCheck = "failing" | "no-data" | "undecided";

/** Names of skaffold custom actions, run one after another. */
export interface PhaseActions {
  actions: string[];
}

/** One share of the traffic. The last phase is "stable", with 100 percent. */
export interface PhaseConfig {
  phaseId: string;
  percentage: number;
  analysis?: PhaseAnalysis;
  predeploy?: PhaseActions;
  postdeploy?: PhaseActions;
}

/** Cloud Deploy splits the traffic itself. While a canary goes on, its tags give the new revision an address. */
export interface CanaryRuntime {
  cloudRun: { automaticTrafficControl: true; canaryRevisionTags: string[] };
}

/** How a release reaches a target. Exactly one of the two. */
export interface DeployStrategy {
  /** All traffic at once. */
  standard?: { analysis?: PhaseAnalysis; predeploy?: PhaseActions; postdeploy?: PhaseActions };
  canary?: {
    runtimeConfig: CanaryRuntime;
    /** Every phase alike, "stable" included. */
    canaryDeployment?: {
      percentages: number[];
      analysis?: PhaseAnalysis;
      predeploy?: PhaseActions;
      postdeploy?: PhaseActions;
    };
    customCanaryDeployment?: { phaseConfigs: PhaseConfig[] };
  };
}

/** Something Cloud Deploy does by itself. Exactly one of the two. */
export interface AutomationRule {
  /** Goes on so long after one of the phases has passed. A phase that is not named waits for a person. */
  advanceRolloutRule?: { id: string; sourcePhases: string[]; wait: string };
  /** Takes a failed release back. */
  repairRolloutRule?: {
    id: string;
    repairPhases: { rollback: { disableRollbackIfRolloutPending: boolean } }[];
  };
}

/** A day. */
export interface PolicyDate {
  year: number;
  month: number;
  day: number;
}

/** A time of day; 24:00 is its end. */
export interface PolicyTime {
  hours: number;
  minutes: number;
  seconds?: number;
}

/** Times in which some actions are refused. */
export interface RolloutRestriction {
  id: string;
  actions: string[];
  timeWindows: {
    timeZone: string;
    oneTimeWindows?: { startDate: PolicyDate; startTime: PolicyTime; endDate: PolicyDate; endTime: PolicyTime }[];
    weeklyWindows?: { daysOfWeeks: string[]; startTime: PolicyTime; endTime: PolicyTime }[];
  };
}

/** The release-related arguments of a gcp.clouddeploy.DeployPolicy. */
export interface FreezePolicy {
  description?: string;
  selectors: { target: { id: string } }[];
  rules: { rolloutRestriction: RolloutRestriction }[];
}
