import type { Input } from "@pulumi/pulumi";
import type { z } from "zod";
import { checkShape } from "../../model/check";
import { deliverySchema } from "../../model/delivery.schema";
import { httpAddress, refGlob, secretNames } from "../../model/environment.schema";
import {
  field,
  filled,
  flag,
  list,
  mapOf,
  number,
  oneOf,
  optional,
  pattern,
  strictFor,
  text,
} from "../../model/fields";
import { describeKind, type Problem } from "../../model/problem";
import {
  type CommitAuthor,
  FileSink,
  type FilesPullRequest,
  type GithubAccount,
  type GithubDeliveryArgs,
  GithubPlan,
  type GithubWebhook,
  PinPolicy,
  RepositoryVisibility,
  type RulesetBypass,
} from "./args";

/** Something that may flow through; its value may be secret and is never shown. */
const flowing: z.ZodType<Input<string>> = field((value) => {
  if (typeof value === "object" && value !== null) return [];
  if (typeof value === "string" && value !== "") return [];
  const got = value === "" ? "an empty text" : describeKind(value);
  return [{ problem: "must be text", got, fix: "Give text, or an Output of text" }];
});

const naming = {
  keys: /^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,127}$/,
  problem: "is no name: capital letters, digits and underscores, not starting with a digit or GITHUB_",
  fix: 'Write "DATABASE_URL", for example',
};
const values = mapOf(flowing, naming, '{ NPM_TOKEN: config.requireSecret("npmToken") }');
const anyName = { keys: /^.+$/s, problem: "is empty", fix: "Write the name of an environment" };

/** An owner: letters, digits and single dashes. A name: letters, digits, dots, dashes and underscores. */
const fullName = pattern(
  /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\/(?!\.{1,2}$)(?!.*\.git$)[\w.-]{1,100}$/,
  "is no owner and name of a repository",
  'Write "acme/shop", for example',
);

const schema = strictFor<GithubDeliveryArgs>(
  {
    repository: fullName,
    delivery: deliverySchema,
    secrets: optional(values),
    environmentSecrets: optional(mapOf(values, anyName, "{ production: { DATABASE_PASSWORD: … } }")),
    existingSecrets: optional(secretNames),
    variables: optional(values),
    sink: optional(oneOf(FileSink)),
    directory: optional(filled('".."')),
    branch: optional(refGlob),
    pullRequest: optional(
      strictFor<FilesPullRequest>(
        { title: optional(filled('"Update the pipeline"')), body: optional(text('"…"')) },
        "{}",
      ),
    ),
    commitAuthor: optional(
      strictFor<CommitAuthor>(
        {
          name: filled('"Headgate"'),
          email: pattern(/^[^@\s]+@[^@\s]+$/, "is no e-mail address", 'Write "robot@example.com"'),
        },
        '{ name: "Headgate", email: "robot@example.com" }',
      ),
    ),
    pins: optional(oneOf(PinPolicy)),
    account: optional(
      strictFor<GithubAccount>(
        { plan: oneOf(GithubPlan), visibility: optional(oneOf(RepositoryVisibility)) },
        '{ plan: "team" }',
      ),
    ),
    bypass: optional(
      strictFor<RulesetBypass>(
        {
          app: optional(number({ min: 1, max: 2 ** 53, integer: true })),
          team: optional(filled('"platform"')),
          administrators: optional(flag),
        },
        "{ app: 12345 }",
      ),
    ),
    webhook: optional(
      strictFor<GithubWebhook>(
        {
          url: httpAddress,
          events: optional(list(pattern(/^([a-z_]+|\*)$/, "is no event", 'Write "push"'), '["push"]')),
        },
        '{ url: "https://hooks.example.com/github" }',
      ),
    ),
    allowedActions: optional(
      list(
        pattern(/^[\w.*-]+\/[\w.*/-]+(@[\w.*/-]+)?$/, "is no pattern of an action", 'Write "acme/*@*", for example'),
        '["acme/*@*"]',
      ),
    ),
    subjectClaims: optional(
      list(pattern(/^[a-z_]+$/, "is no claim", 'Write "repo" or "context", for example'), '["repo", "context"]'),
    ),
  },
  '{ repository: "acme/shop", delivery }',
);

/** Every problem of each argument by itself. */
export function checkShapeOfArgs(args: GithubDeliveryArgs): Problem[] {
  return checkShape(schema, args, "").map((problem) => ({ ...problem, path: problem.path.replace(/^\./, "") }));
}
