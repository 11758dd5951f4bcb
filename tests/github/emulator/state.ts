/** A secret as GitHub keeps it: in a box that only GitHub opens. */
export interface StoredSecret {
  name: string;
  sealed: string;
  created_at: string;
  updated_at: string;
}

export interface StoredVariable {
  name: string;
  value: string;
  created_at: string;
  updated_at: string;
}

/** Secrets and variables with the key that secrets are sealed for. */
export interface Vault {
  keys: { publicKey: Uint8Array; privateKey: Uint8Array };
  keyId: string;
  secrets: Map<string, StoredSecret>;
  variables: Map<string, StoredVariable>;
}

export interface StoredPolicy {
  id: number;
  node_id: string;
  name: string;
  type: "branch" | "tag";
}

export interface StoredEnvironment {
  id: number;
  name: string;
  waitTimer: number;
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  reviewers: { type: "User" | "Team"; id: number }[];
  branchPolicy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
  policies: Map<number, StoredPolicy>;
  vault: Vault;
}

export interface StoredRuleset {
  id: number;
  node_id: string;
  name: string;
  target: string;
  source: string;
  source_type: "Repository";
  enforcement: "active" | "evaluate" | "disabled";
  bypass_actors: { actor_id: number | null; actor_type: string; bypass_mode: string }[];
  conditions: { ref_name: { include: string[]; exclude: string[] } };
  rules: { type: string; parameters?: Record<string, unknown> }[];
}

/** What the base emulator does not keep of a repository. */
export interface StoredRepository {
  vault: Vault;
  environments: Map<string, StoredEnvironment>;
  rulesets: Map<number, StoredRuleset>;
  permissions: { enabled: boolean; allowed_actions: string; sha_pinning_required: boolean };
  selected: { github_owned_allowed: boolean; verified_allowed: boolean; patterns_allowed: string[] };
  subject: { use_default: boolean; include_claim_keys?: string[] };
}

/** To the second, as in all of GitHub's answers. */
export const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");
