import type { z } from "zod";
import {
  type Approval,
  ApprovalWay,
  type AwsIdentity,
  type AzureIdentity,
  type Environment,
  type GcpIdentity,
  type Identity,
  OnBadDeployment,
  type Verification,
} from "./environment";
import {
  duration,
  filled,
  flag,
  list,
  number,
  oneOf,
  optional,
  pattern,
  positiveDuration,
  strictFor,
  urlPath,
  variables,
} from "./fields";
import { Target } from "./target";

/** Name of a secret as GitHub and GitLab take it. */
export const secretName = pattern(
  /^(?!GITHUB_)(?!CI_)[A-Z_][A-Z0-9_]{0,127}$/,
  "is no name of a secret: capital letters, digits and underscores, not starting with a digit, GITHUB_ or CI_",
  'Write "DATABASE_URL", for example',
);
export const secretNames = list(secretName, '["DATABASE_URL"]');

/** A branch or a tag, or a glob for several. What git refuses in a name could never match. */
export const refGlob = pattern(
  /^(?!refs\/)(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)))[A-Za-z0-9*][A-Za-z0-9*._/-]*(?<![./])$/,
  "can match no branch and no tag",
  'Write "main" or "release/*", for example, without refs/heads',
);

/** The name something of the document goes by. */
export const reference = filled("the name of something in this file");

export const httpAddress = pattern(
  /^https?:\/\/[^\s"'<>`{}$\\]+$/,
  "must be an http or https address",
  'Write "https://shop.example.com", for example',
);

const login = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
  "is no login and no slug of a team",
  'Write "octocat", for example, without @',
);

const approval = strictFor<Approval>(
  {
    users: optional(list(login, '["octocat"]')),
    teams: optional(list(login, '["operators"]')),
    preventSelfReview: optional(flag),
    wait: optional(duration),
    way: optional(oneOf(ApprovalWay)),
  },
  '{ users: ["octocat"] }',
);

export const onBadDeployment = oneOf(OnBadDeployment);

const verify = strictFor<Verification>(
  {
    path: optional(urlPath),
    consecutive: optional(number({ min: 1, max: 100, integer: true })),
    interval: optional(positiveDuration),
    timeout: optional(positiveDuration),
    onFailure: optional(onBadDeployment),
  },
  '{ path: "/ready" }',
);

const uuid = pattern(
  /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  "must be a UUID",
  'Write "00000000-0000-0000-0000-000000000000", for example',
);

const aws = strictFor<AwsIdentity>(
  {
    roleArn: pattern(
      /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      "must be the ARN of a role",
      'Write "arn:aws:iam::123456789012:role/deploy", for example',
    ),
    region: pattern(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region of AWS", 'Write "eu-west-1", for example'),
  },
  '{ roleArn: "arn:aws:iam::123456789012:role/deploy", region: "eu-west-1" }',
);

const gcp = strictFor<GcpIdentity>(
  {
    provider: pattern(
      /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[\w-]+\/providers\/[\w-]+$/,
      "must be the full name of a workload identity provider",
      'Write "projects/1/locations/global/workloadIdentityPools/ci/providers/github", for example',
    ),
    project: pattern(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      "must be the id of a project in Google Cloud",
      'Write "shop-production", for example',
    ),
    serviceAccount: optional(
      pattern(
        /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/,
        "must be the e-mail address of a service account",
        'Write "deploy@shop-production.iam.gserviceaccount.com", for example',
      ),
    ),
  },
  '{ provider: "projects/1/locations/global/workloadIdentityPools/ci/providers/github", project: "shop-production" }',
);

const azure = strictFor<AzureIdentity>(
  { clientId: uuid, tenantId: uuid, subscriptionId: uuid },
  '{ clientId: "…", tenantId: "…", subscriptionId: "…" }',
);

export const identity = strictFor<Identity>(
  { aws: optional(aws), gcp: optional(gcp), azure: optional(azure) },
  '{ aws: { roleArn: "…", region: "eu-west-1" } }',
);

export const environmentSchema: z.ZodType<Environment> = strictFor<Environment>(
  {
    stack: optional(
      pattern(
        /^[A-Za-z0-9_.-]{1,100}(\/[A-Za-z0-9_.-]{1,100}){0,2}$/,
        "is no name of a Pulumi stack",
        'Write "production", for example',
      ),
    ),
    target: optional(oneOf(Target)),
    promotesFrom: optional(reference),
    approval: optional(approval),
    branches: optional(list(refGlob, '["main"]')),
    tags: optional(list(refGlob, '["v*"]')),
    strategy: optional(reference),
    variables: optional(variables),
    secrets: optional(secretNames),
    identity: optional(identity),
    url: optional(httpAddress),
    verify: optional(verify),
  },
  '{ promotesFrom: "staging", approval: { users: ["octocat"] } }',
);
