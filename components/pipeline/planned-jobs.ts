import type { DispatchInput } from "../model/pipeline";
import type { Baseline, CoverageUpload, TestContainer } from "../model/pipeline-tests";

/** When a job runs. */
export const Phase = {
  /** On every change: a pull request, the merge queue, a push to the production or the integration branch. */
  change: "change",
  /** As `change`, and on a time table. */
  scan: "scan",
  /** After a change reached a branch that something is deployed from. */
  deliver: "deliver",
  /** On pull requests, to show what a merge would change. */
  preview: "preview",
  /** On a time table: is the infrastructure as its program says? */
  drift: "drift",
  /** When somebody pushes a tag. */
  tag: "tag",
  /** When somebody asks for it. */
  dispatch: "dispatch",
  /** On a time table: remove what nobody needs. */
  cleanup: "cleanup",
} as const;
export type Phase = (typeof Phase)[keyof typeof Phase];

/** What looks for holes. */
export const Scanner = {
  trivyFiles: "trivy-files",
  trivyConfiguration: "trivy-configuration",
  codeql: "codeql",
  snyk: "snyk",
  bandit: "bandit",
  npmAudit: "npm-audit",
  pipAudit: "pip-audit",
  gitleaks: "gitleaks",
  dependencyReview: "dependency-review",
  workflows: "workflows",
} as const;
export type Scanner = (typeof Scanner)[keyof typeof Scanner];

/** A command of a shell with what it is for. */
export interface Command {
  title: string;
  run: string;
}

/** What every job has. */
export interface JobBasics {
  /** Unique in the plan: lower-case letters, digits and dashes. */
  id: string;
  /** For people. */
  title: string;
  phase: Phase;
  /** Ids of jobs that must have succeeded. */
  needs: readonly string[];
  timeoutMinutes: number;
  /** Names of the secrets it gets as environment variables. */
  secrets: readonly string[];
}

/** Commands over the sources, in the main version of each language. */
export interface CommandsJob extends JobBasics {
  kind: "commands";
  commands: readonly Command[];
}

/** Coverage of a test's run. */
export interface PlannedCoverage {
  /** File with the report, relative to the test's folder. */
  report: string;
  /** In percent of the lines; 0 asks for nothing. */
  minimumPercent: number;
  upload: CoverageUpload;
}

/** Figures that are compared with earlier ones. */
export interface PlannedComparison {
  /** File with the figures, relative to the test's folder. */
  report: string;
  maxRegressionPercent: number;
  baseline: Baseline;
}

/** One suite of tests. */
export interface TestJob extends JobBasics {
  kind: "test";
  suite: "unit" | "integration" | "api" | "e2e" | "performance";
  command: string;
  /** Relative to the repository; "." is its root. */
  directory: string;
  /** Whether it runs once for each version of the toolchain. */
  everyVersion: boolean;
  /** Results in JUnit's format. */
  report?: string;
  containers: Readonly<Record<string, TestContainer>>;
  coverage?: PlannedCoverage;
  comparison?: PlannedComparison;
  /** Environment it runs against, at `baseUrl`. */
  environment?: string;
  baseUrl?: string;
}

/** An image is built, to see that it can be, or to publish it. */
export interface BuildJob extends JobBasics {
  kind: "build";
  image: string;
  publish: boolean;
}

export interface ScanJob extends JobBasics {
  kind: "scan";
  scanner: Scanner;
}

/** Fails unless every job it needs succeeded: the one check that a change must pass. */
export interface GateJob extends JobBasics {
  kind: "gate";
}

/** The images that were built are brought to an environment, and taken back when it is not well after it. */
export interface DeployJob extends JobBasics {
  kind: "deploy";
  environment: string;
}

/** Somebody is asked, and this job does not wait for the answer. */
export interface AskJob extends JobBasics {
  kind: "ask";
  environment: string;
}

/** People are told that a deployment waits for somebody. */
export interface AnnounceJob extends JobBasics {
  kind: "announce";
  environment: string;
}

export interface PreviewJob extends JobBasics {
  kind: "preview";
  environment: string;
}

export interface DriftJob extends JobBasics {
  kind: "drift";
  environment: string;
}

/** A version comes about; images get its number beside their digest. */
export interface ReleaseJob extends JobBasics {
  kind: "release";
}

/** Images of a commit are found by it, when nothing is built any more. */
export interface ResolveJob extends JobBasics {
  kind: "resolve";
}

export interface DispatchedJob extends JobBasics {
  kind: "dispatched";
  name: string;
  command: string;
  inputs: Readonly<Record<string, DispatchInput>>;
}

export interface CleanupJob extends JobBasics {
  kind: "cleanup";
  keepDays: number;
}

/** People are told how the jobs before it ended. */
export interface NotifyJob extends JobBasics {
  kind: "notify";
}

export type PlannedJob =
  | CommandsJob
  | TestJob
  | BuildJob
  | ScanJob
  | GateJob
  | DeployJob
  | AskJob
  | AnnounceJob
  | PreviewJob
  | DriftJob
  | ReleaseJob
  | ResolveJob
  | DispatchedJob
  | CleanupJob
  | NotifyJob;
