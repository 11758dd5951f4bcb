import type { PinnedAction } from "../pins/pins";
import type { Evaluated } from "./expression";

/** Text is shown as it is; only an Evaluated holds expressions. */
export type Value = string | number | boolean | Evaluated;

/** What a token may do, with the reason that stands beside it in the file. */
export interface Permission {
  access: "read" | "write";
  why: string;
}

export type Scope =
  | "actions"
  | "attestations"
  | "checks"
  | "contents"
  | "deployments"
  | "id-token"
  | "issues"
  | "packages"
  | "pull-requests"
  | "security-events";

export type Permissions = Partial<Record<Scope, Permission>>;

/** A step: either an action or a script. No script holds an expression: values reach it by `env`. */
export interface Step {
  name: string;
  id?: string;
  if?: Evaluated;
  uses?: PinnedAction;
  with?: Readonly<Record<string, Value>>;
  run?: string;
  env?: Readonly<Record<string, Value>>;
  workingDirectory?: string;
  timeoutMinutes?: number;
}

export interface Concurrency {
  group: Value;
  cancelInProgress: boolean | Evaluated;
}

export interface Container {
  image: string;
  ports?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

interface JobBasics {
  name: string;
  needs?: readonly string[];
  if?: Evaluated;
  permissions: Permissions;
}

/** A job with steps. */
export interface StepsJob extends JobBasics {
  runsOn: Value;
  timeoutMinutes: number;
  environment?: { name: string; url?: string; deployment?: false };
  concurrency?: Concurrency;
  matrix?: {
    failFast: boolean;
    values?: Readonly<Record<string, readonly string[]>>;
    include?: readonly Readonly<Record<string, string>>[];
  };
  services?: Readonly<Record<string, Container>>;
  outputs?: Readonly<Record<string, Evaluated>>;
  env?: Readonly<Record<string, Value>>;
  steps: readonly Step[];
}

/** A job that is another workflow of the same repository. */
export interface CallJob extends JobBasics {
  /** Name of its file: "build.yml". */
  calls: string;
  with?: Readonly<Record<string, Value>>;
  secrets?: Readonly<Record<string, Evaluated>>;
}

export type Job = StepsJob | CallJob;

export interface CallInput {
  description: string;
  type: "string" | "boolean" | "choice";
  required?: boolean;
  default?: string | boolean;
  options?: readonly string[];
}

export interface Trigger {
  branches?: readonly string[];
  tags?: readonly string[];
  types?: readonly string[];
}

export interface Triggers {
  pullRequest?: Trigger;
  mergeGroup?: boolean;
  push?: Trigger;
  schedule?: string;
  issueComment?: boolean;
  dispatch?: Readonly<Record<string, CallInput>>;
  call?: {
    inputs?: Readonly<Record<string, CallInput>>;
    secrets?: readonly string[];
    outputs?: Readonly<Record<string, { description: string; value: Evaluated }>>;
  };
}

export interface Workflow {
  /** Name of its file. */
  file: string;
  name: string;
  on: Triggers;
  concurrency: Concurrency;
  env?: Readonly<Record<string, Value>>;
  jobs: Readonly<Record<string, Job>>;
}
