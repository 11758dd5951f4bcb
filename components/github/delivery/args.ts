import type * as pulumi from "@pulumi/pulumi";
import type { Delivery } from "../../model/delivery";

/** Where generated files go. */
export const FileSink = {
  /** Into the repository, a commit for each. */
  repository: "repository",
  /** Into a folder of the machine that runs Pulumi, for somebody to commit. */
  workTree: "work-tree",
  /** Nowhere: nothing at all is made, and the files are an output. */
  dryRun: "dry-run",
} as const;
export type FileSink = (typeof FileSink)[keyof typeof FileSink];

/** Which commit an action is pinned to that a bot has updated in the repository. */
export const PinPolicy = {
  /** The library's: what a bot did is undone when the file is next written. */
  library: "library",
  /** The higher version of the two. */
  keepNewer: "keep-newer",
} as const;
export type PinPolicy = (typeof PinPolicy)[keyof typeof PinPolicy];

/** What an account pays GitHub for. */
export const GithubPlan = { free: "free", pro: "pro", team: "team", enterprise: "enterprise" } as const;
export type GithubPlan = (typeof GithubPlan)[keyof typeof GithubPlan];

/** Who sees a repository. */
export const RepositoryVisibility = { public: "public", private: "private", internal: "internal" } as const;
export type RepositoryVisibility = (typeof RepositoryVisibility)[keyof typeof RepositoryVisibility];

/** The account that a repository belongs to. What its plan lacks is told in the preview. */
export interface GithubAccount {
  plan: GithubPlan;
  /** Defaults to "private". */
  visibility?: RepositoryVisibility;
}

/** Who commits. */
export interface CommitAuthor {
  name: string;
  email: string;
}

/** Files are proposed in a pull request in place of being committed to the production branch. */
export interface FilesPullRequest {
  /** Defaults to "Update the pipeline". */
  title?: string;
  /** Defaults to a sentence that says where the files come from. */
  body?: string;
}

/** Who may change the protected branches without a pull request: whoever runs Pulumi. Exactly one field. */
export interface RulesetBypass {
  /** Id of a GitHub App, a number: the one whose token runs Pulumi. */
  app?: number;
  /** Slug of a team of the organization: "platform". */
  team?: string;
  /** Every administrator of the repository, when it is true. For accounts without an App. */
  administrators?: boolean;
}

/** An address that GitHub tells what happens in the repository. */
export interface GithubWebhook {
  /** Address: "https://hooks.example.com/github". */
  url: string;
  /** Names of events. Defaults to ["push"]. */
  events?: string[];
}

/** Arguments of a GithubDelivery. */
export interface GithubDeliveryArgs {
  /** Owner and name: "acme/shop". The repository exists, and its owner is the provider's. */
  repository: string;
  /** What is delivered, and how: the content of a cicd.yml. */
  delivery: Delivery;
  /** Values of secrets of the repository, by name. */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Values of secrets of environments, by the environment's name and theirs. */
  environmentSecrets?: Record<string, Record<string, pulumi.Input<string>>>;
  /** Names of secrets that are there without this program: the organization's, or set by hand. Defaults to none. */
  existingSecrets?: string[];
  /** Variables of the repository, by name. Defaults to none. */
  variables?: Record<string, pulumi.Input<string>>;
  /** Where the files go. Defaults to "repository". */
  sink?: FileSink;
  /** Folder that the files go to with the sink "work-tree". Defaults to the one Pulumi is run in. */
  directory?: string;
  /**
   * Branch that the files are committed to. Defaults to the production branch, and with `pullRequest` to one of their
   * own for each content.
   */
  branch?: string;
  /** Propose the files in a pull request. Defaults to committing them. */
  pullRequest?: FilesPullRequest;
  /** Defaults to whoever the provider's token belongs to. */
  commitAuthor?: CommitAuthor;
  /** Whose pins of actions count. Defaults to "library". */
  pins?: PinPolicy;
  /** Defaults to an account that has everything. */
  account?: GithubAccount;
  /** Who bypasses the ruleset. Needed when the files are committed to a protected branch. */
  bypass?: RulesetBypass;
  /** Defaults to none. */
  webhook?: GithubWebhook;
  /** Actions that workflows of others in the repository need beside those of the files, as patterns: "acme/*@*". */
  allowedActions?: string[];
  /** Claims that the subject of a run's identity token is made of: ["repo", "context"]. Defaults to GitHub's own. */
  subjectClaims?: string[];
}
