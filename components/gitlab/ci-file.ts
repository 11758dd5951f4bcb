/** When a job, or a whole pipeline, runs. */
export interface Rule {
  if: string;
  when?: "on_success" | "on_failure" | "always" | "manual";
  allow_failure?: boolean;
}

/** A rule for whole pipelines. */
export interface WorkflowRule {
  if: string;
  auto_cancel?: { on_new_commit: "none" | "interruptible" };
}

export interface Need {
  job: string;
  artifacts?: boolean;
  optional?: boolean;
}

export interface Service {
  name: string;
  alias: string;
  variables?: Readonly<Record<string, string>>;
}

export interface Artifacts {
  when?: "on_success" | "always";
  expire_in: string;
  paths?: readonly string[];
  reports?: {
    dotenv?: string;
    junit?: string;
    coverage_report?: { coverage_format: "cobertura"; path: string };
  };
}

/** A job, with the keys of GitLab that Headgate writes. */
export interface CiJob {
  stage: Stage;
  image: string | { name: string; entrypoint: readonly string[] };
  tags?: readonly string[];
  rules: readonly Rule[];
  /** Absent: everything in the stages before. */
  needs?: readonly Need[];
  /** "30 minutes". */
  timeout: string;
  interruptible: boolean;
  retry?: { max: number; when: readonly string[] };
  resource_group?: string;
  environment?: { name: string; url?: string; deployment_tier?: string; action?: "access" };
  id_tokens?: Readonly<Record<string, { aud: string }>>;
  services?: readonly Service[];
  variables?: Readonly<Record<string, string>>;
  cache?: readonly [] | { key: { files: readonly string[]; prefix: string }; paths: readonly string[] };
  parallel?: { matrix: readonly Readonly<Record<string, readonly string[]>>[] };
  before_script?: readonly string[];
  script: readonly string[];
  after_script?: readonly string[];
  coverage?: string;
  artifacts?: Artifacts;
}

/** In the order in which people see them; what waits for what is said by `needs` alone. */
export const stages = ["check", "gate", "build", "deploy", "release", "watch", "run", "notify"] as const;
export type Stage = (typeof stages)[number];

/** A file of GitLab CI. */
export interface CiFile {
  /** Where it lies in the repository. */
  path: string;
  include?: readonly { local: string }[];
  stages?: readonly Stage[];
  workflow?: { auto_cancel: { on_new_commit: "interruptible" }; rules: readonly WorkflowRule[] };
  jobs: Readonly<Record<string, CiJob>>;
}
