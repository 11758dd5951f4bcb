import type { Target } from "./target";

/** How somebody approves a deployment. */
export const ApprovalWay = {
  /** By the platform's own protected environments. Private repositories need a paid plan for it. */
  environment: "environment",
  /** Somebody starts the deployment by hand. */
  dispatch: "dispatch",
  /** Somebody answers in an issue. */
  issue: "issue",
} as const;
export type ApprovalWay = (typeof ApprovalWay)[keyof typeof ApprovalWay];

/** What happens when a deployment turns out to be bad. */
export const OnBadDeployment = {
  /** What ran before is deployed again, by its digest. */
  rollback: "rollback",
  /** The pipeline fails and the deployment stays. */
  fail: "fail",
} as const;
export type OnBadDeployment = (typeof OnBadDeployment)[keyof typeof OnBadDeployment];

/** Somebody has to agree before a deployment. */
export interface Approval {
  /** Logins of people who may agree. At most 6 people and teams together. */
  users?: string[];
  /** Teams whose members may agree, by their slug: "operators". */
  teams?: string[];
  /** Whether whoever started the deployment may not agree to it. Defaults to true. */
  preventSelfReview?: boolean;
  /** Time that passes before the deployment starts even when everybody agreed, with its unit, at most "30d". Defaults to "0s". */
  wait?: string;
  /** Defaults to "environment". */
  way?: ApprovalWay;
}

/** Asks the deployed service whether it is well. */
export interface Verification {
  /** Path below the environment's url, with a leading slash. Defaults to "/". */
  path?: string;
  /** Good answers in a row that are needed, 1 to 100. Defaults to 5. */
  consecutive?: number;
  /** Time between two requests, with its unit. Defaults to "30s". */
  interval?: string;
  /** Longest time until there are enough good answers, with its unit. Defaults to "10m". */
  timeout?: string;
  /** Defaults to "rollback". */
  onFailure?: OnBadDeployment;
}

/** A role in AWS that the pipeline takes by OIDC. */
export interface AwsIdentity {
  /** ARN of the role. */
  roleArn: string;
  /** Region: "eu-west-1". */
  region: string;
}

/** A workload identity in Google Cloud that the pipeline takes by OIDC. */
export interface GcpIdentity {
  /** Full name of the provider: "projects/1/locations/global/workloadIdentityPools/ci/providers/github". */
  provider: string;
  /** Project: "shop-production". */
  project: string;
  /** Service account to act as. Defaults to none: the identity has the rights itself. */
  serviceAccount?: string;
}

/** An application in Azure that the pipeline takes by OIDC. */
export interface AzureIdentity {
  /** UUID of the application. */
  clientId: string;
  /** UUID of the directory it belongs to. */
  tenantId: string;
  /** UUID of what it works on. */
  subscriptionId: string;
}

/** Who the pipeline is in each cloud, without any stored key. */
export interface Identity {
  aws?: AwsIdentity;
  gcp?: GcpIdentity;
  azure?: AzureIdentity;
}

/** A place that versions are delivered to. Two deployments to one environment never run at the same time. */
export interface Environment {
  /** Pulumi stack that is brought up. Defaults to the environment's name. */
  stack?: string;
  /** What runs the services here. Defaults to what the stack's program says. */
  target?: Target;
  /** Environment whose version, the same digest, comes here. Defaults to none: new versions come here first. */
  promotesFrom?: string;
  /** Who has to agree before a deployment. Defaults to nobody. */
  approval?: Approval;
  /** Branches that may be deployed, as globs: "release/*". Defaults to the pipeline's production branch. */
  branches?: string[];
  /** Tags that may be deployed, as globs: "v*". Defaults to none. */
  tags?: string[];
  /** Name of the strategy that every service is released with here. Defaults to the service's own. */
  strategy?: string;
  /** Variables by name, no secrets. */
  variables?: Record<string, string>;
  /** Names of the secrets that the deployment gets. Their values are never part of a model. */
  secrets?: string[];
  /** Who the pipeline is in the cloud. Defaults to nobody. */
  identity?: Identity;
  /** Address of the service once deployed: "https://shop.example.com". */
  url?: string;
  /** Asks the service after each deployment, at the environment's url. Defaults to not at all. */
  verify?: Verification;
}
