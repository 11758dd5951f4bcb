import { isObject } from "../../components/model/anything";
import { type Resource, tokenOf, UNKNOWN } from "../../policy";
import { InputError, MOST_JSON_BYTES, readText } from "./files";
import type { Input, NotJudged } from "./input";

type Json = Record<string, unknown>;

/** A type of Terraform's in Pulumi's words. Properties become camelCase; the rest is said here. */
interface Mapping {
  token: string;
  /** Blocks that there is one of at most: a list in the plan, an object in Pulumi. */
  objects?: readonly string[];
  /** Names that are in the plural in Pulumi. */
  renamed?: Readonly<Record<string, string>>;
}

/** What sets of rules on GitHub have in common. */
const RULESET = {
  objects: ["conditions", "ref_name", "rules", "pull_request", "required_status_checks"],
  renamed: { include: "includes", exclude: "excludes", required_check: "requiredChecks" },
};

/** Maps whose keys are the user's own. */
const MAPS = ["tags", "tags_all", "labels", "effective_labels"];

/** Types whose properties are the same in both but for their names. Source: the providers' schemas. */
const TYPES: Readonly<Record<string, Mapping>> = {
  docker_container: {
    token: "docker:index/container:Container",
    objects: ["capabilities", "healthcheck"],
    renamed: { env: "envs", add: "adds", drop: "drops", test: "tests" },
  },
  github_repository_file: { token: "github:index/repositoryFile:RepositoryFile" },
  github_repository: {
    token: "github:index/repository:Repository",
    objects: ["security_and_analysis", "secret_scanning", "secret_scanning_push_protection"],
  },
  github_branch_default: { token: "github:index/branchDefault:BranchDefault" },
  github_branch_protection: { token: "github:index/branchProtection:BranchProtection" },
  github_branch_protection_v3: {
    token: "github:index/branchProtectionV3:BranchProtectionV3",
    objects: ["required_pull_request_reviews", "required_status_checks"],
  },
  github_repository_ruleset: { token: "github:index/repositoryRuleset:RepositoryRuleset", ...RULESET },
  github_organization_ruleset: { token: "github:index/organizationRuleset:OrganizationRuleset", ...RULESET },
  github_repository_environment: {
    token: "github:index/repositoryEnvironment:RepositoryEnvironment",
    objects: ["deployment_branch_policy"],
  },
  github_repository_vulnerability_alerts: {
    token: "github:index/repositoryVulnerabilityAlerts:RepositoryVulnerabilityAlerts",
  },
  github_actions_secret: { token: "github:index/actionsSecret:ActionsSecret" },
  github_actions_organization_secret: { token: "github:index/actionsOrganizationSecret:ActionsOrganizationSecret" },
  github_actions_environment_secret: { token: "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret" },
  github_actions_repository_permissions: {
    token: "github:index/actionsRepositoryPermissions:ActionsRepositoryPermissions",
  },
  github_actions_organization_permissions: {
    token: "github:index/actionsOrganizationPermissions:ActionsOrganizationPermissions",
  },
  github_workflow_repository_permissions: {
    token: "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions",
  },
  github_repository_webhook: {
    token: "github:index/repositoryWebhook:RepositoryWebhook",
    objects: ["configuration"],
  },
  github_organization_webhook: {
    token: "github:index/organizationWebhook:OrganizationWebhook",
    objects: ["configuration"],
  },
  github_repository_deploy_key: { token: "github:index/repositoryDeployKey:RepositoryDeployKey" },
  aws_iam_access_key: { token: "aws:iam/accessKey:AccessKey" },
  aws_iam_user: { token: "aws:iam/user:User" },
  aws_iam_policy: { token: "aws:iam/policy:Policy" },
  aws_iam_role: { token: "aws:iam/role:Role", renamed: { inline_policy: "inlinePolicies" } },
  aws_ecs_task_definition: {
    token: "aws:ecs/taskDefinition:TaskDefinition",
    objects: ["runtime_platform"],
    renamed: { volume: "volumes" },
  },
  aws_lambda_permission: { token: "aws:lambda/permission:Permission" },
  google_service_account_key: { token: "gcp:serviceaccount/key:Key" },
};

/** What `terraform show -json` prints of a plan: what will be there when it has run. */
export function readTerraformPlan(files: readonly string[]): Input {
  const resources: Resource[] = [];
  const notJudged: NotJudged[] = [];
  for (const file of files) {
    const plan = planOf(file);
    const unknowns = new Map(plan.changes.map(({ address, change }) => [address, at(change, "after_unknown")]));
    for (const { address, mode, type, values } of plan.resources) {
      if (typeof address !== "string" || typeof type !== "string") throw new InputError(`${file}: ${WRONG}`);
      if (mode === "data") continue;
      const known = merged(values ?? {}, unknowns.get(address));
      const resource = type === "kubernetes_manifest" ? manifestOf(at(known, "manifest")) : mapped(type, known);
      if (resource === undefined) notJudged.push({ type, file });
      else resources.push({ ...resource, name: address, file });
    }
  }
  return { resources, notJudged, place: () => undefined };
}

const WRONG = "is no plan of Terraform. Write one with terraform show -json PLAN.";

interface Planned {
  address?: unknown;
  mode?: unknown;
  type?: unknown;
  values?: unknown;
}

/** @throws InputError */
function planOf(file: string): { resources: Planned[]; changes: { address?: unknown; change?: unknown }[] } {
  const wrong = new InputError(`${file}: ${WRONG}`);
  let plan: unknown;
  try {
    plan = JSON.parse(readText(file, MOST_JSON_BYTES));
  } catch (error) {
    throw error instanceof InputError ? error : wrong;
  }
  const root = at(at(plan, "planned_values"), "root_module");
  const changes = at(plan, "resource_changes") ?? [];
  // A plan that leaves nothing has an empty module.
  if (!isObject(root) || !Array.isArray(changes)) throw wrong;
  return { resources: inModule(root, wrong), changes };
}

function inModule(module: unknown, wrong: InputError): Planned[] {
  const [own, children] = [at(module, "resources") ?? [], at(module, "child_modules") ?? []];
  if (!Array.isArray(own) || !own.every(isObject) || !Array.isArray(children)) throw wrong;
  return [...own, ...children.flatMap((child) => inModule(child, wrong))];
}

/** Values with what is only known after the run marked: `after_unknown` has true in its place. */
function merged(value: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(unknown)) {
    const list = Array.isArray(value) ? value : [];
    return Array.from({ length: Math.max(list.length, unknown.length) }, (_, i) => merged(list[i], unknown[i]));
  }
  if (!isObject(unknown)) return value;
  const before = isObject(value) ? (value as Json) : {};
  const added = Object.entries(unknown).map(([key, each]) => [key, merged(before[key], each)] as const);
  return { ...before, ...Object.fromEntries(added.filter(([, each]) => each !== undefined)) };
}

function manifestOf(manifest: unknown): Pick<Resource, "type" | "properties"> | undefined {
  const [apiVersion, kind] = [at(manifest, "apiVersion"), at(manifest, "kind")];
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  return { type: tokenOf(apiVersion, kind), properties: manifest };
}

function mapped(type: string, values: unknown): Pick<Resource, "type" | "properties"> | undefined {
  const mapping = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  return mapping && { type: mapping.token, properties: inPulumi(values, mapping) };
}

function inPulumi(value: unknown, mapping: Mapping): unknown {
  if (Array.isArray(value)) return value.map((each) => inPulumi(each, mapping));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const only: unknown = mapping.objects?.includes(key) && Array.isArray(each) ? (each[0] ?? null) : each;
      const name = mapping.renamed?.[key] ?? key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      return [name, MAPS.includes(key) ? only : inPulumi(only, mapping)];
    }),
  );
}

const at = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? (value as Json)[key] : undefined;
