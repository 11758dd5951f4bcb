import { createHash } from "node:crypto";
import type { Delivery } from "../../model/delivery";
import { deliveryRules } from "../../model/delivery.rules";
import type { Diagnostic } from "../../model/diagnostics";
import { refuse } from "../../model/errors";
import { checkName } from "../../model/names";
import type { GeneratedFile } from "../../pipeline/generated-file";
import type { PipelinePlan } from "../../pipeline/plan";
import { type PlannedPipeline, planPipeline } from "../../pipeline/plan-pipeline";
import { githubFiles } from "../github-files";
import { ownersOfActions } from "./allowed-actions";
import { type CommitAuthor, FileSink, type GithubDeliveryArgs, PinPolicy } from "./args";
import { accountDiagnostics, fileDiagnostics } from "./diagnostics";
import { type GithubEnvironment, planGithubEnvironments } from "./environments";
import { accessProblems, secretProblems, sinkProblems } from "./rules";
import { type PlannedRuleset, planRuleset } from "./ruleset";
import { checkShapeOfArgs } from "./schema";

/** Component whose arguments these are, in messages. */
export const COMPONENT = "GithubDelivery";

/** A file with the message of its commit. */
export interface PlannedFile extends GeneratedFile {
  commitMessage: string;
}

export interface PlannedLabel {
  name: string;
  /** Six hexadecimal digits. */
  color: string;
  description: string;
}

/** Everything that a repository is given, with every default said. */
export interface GithubDeliveryPlan {
  owner: string;
  repository: string;
  sink: FileSink;
  directory: string;
  productionBranch: string;
  /** Branch that the files are committed to, and whether it has to be made. */
  branch: { name: string; made: boolean };
  /** In the order in which they are written. */
  files: readonly PlannedFile[];
  keepNewerPins: boolean;
  pullRequest?: { title: string; body: string };
  commitAuthor?: CommitAuthor;
  /** Names. */
  secrets: readonly string[];
  variables: readonly string[];
  environments: readonly GithubEnvironment[];
  /** Patterns of what may run beside GitHub's own actions. */
  allowedActions: readonly string[];
  /** Claims of the subject, none for GitHub's default; absent where no run has an identity. */
  subjectClaims?: readonly string[];
  webhook?: { url: string; events: readonly string[] };
  labels: readonly PlannedLabel[];
  ruleset: PlannedRuleset;
  /** What the repository gets differently from what was asked. */
  diagnostics: readonly Diagnostic[];
}

/** Last edit of the files, before anything is decided by them. */
export type EditFiles = (files: GeneratedFile[]) => GeneratedFile[];

/**
 * Fills in the defaults, checks everything a delivery is told, and makes its files. Pure: the same arguments give the
 * same plan. Throws ArgumentError with every problem.
 */
export function planGithubDelivery(
  name: string,
  args: GithubDeliveryArgs,
  edit: EditFiles = (files) => files,
): GithubDeliveryPlan {
  refuse(COMPONENT, name, [
    ...checkName(name),
    ...checkShapeOfArgs(args),
    ...deliveryRules(args?.delivery, "delivery"),
  ]);
  const [owner = "", repository = ""] = args.repository.split("/");
  const { plan: pipeline, problems } = pipelineOf(args, repository);
  refuse(COMPONENT, name, [
    ...problems.map((problem) => ({ ...problem, path: `delivery.${problem.path}` })),
    ...accessProblems(args, pipeline),
    ...sinkProblems(args, pipeline),
  ]);
  const files = inOrder(edit(githubFiles(pipeline)));
  const environments = planGithubEnvironments(pipeline, args, files);
  refuse(COMPONENT, name, secretProblems(args, pipeline, files));

  const { sink = FileSink.repository, pullRequest, commitAuthor, webhook } = args;
  const productionBranch = pipeline.branches.production;
  const branch = args.branch ?? (pullRequest === undefined ? productionBranch : branchFor(files));
  const committed = sink === FileSink.repository && pullRequest === undefined;
  const hasIdentity = pipeline.environments.some(({ identity }) => Object.keys(identity).length > 0);
  return {
    owner,
    repository,
    sink,
    directory: args.directory ?? ".",
    productionBranch,
    branch: { name: branch, made: branch !== productionBranch && branch !== pipeline.branches.integration },
    files: files.map((file, index) => ({
      ...file,
      // Only the last commit starts a run, when all of them are there.
      commitMessage: `Write ${file.path}${committed && index < files.length - 1 ? " [skip ci]" : ""}`,
    })),
    keepNewerPins: args.pins === PinPolicy.keepNewer,
    ...(pullRequest !== undefined && {
      pullRequest: {
        title: pullRequest.title ?? "Update the pipeline",
        body: pullRequest.body ?? "These files are made by Headgate from the repository's delivery.",
      },
    }),
    ...(commitAuthor !== undefined && { commitAuthor }),
    secrets: Object.keys(args.secrets ?? {}).sort(),
    variables: Object.keys(args.variables ?? {}).sort(),
    environments,
    allowedActions: [...new Set([...ownersOfActions(files), ...(args.allowedActions ?? [])])].sort(),
    ...((hasIdentity || args.subjectClaims !== undefined) && { subjectClaims: args.subjectClaims ?? [] }),
    ...(webhook !== undefined && { webhook: { url: webhook.url, events: webhook.events ?? ["push"] } }),
    labels: labelsOf(pipeline),
    ruleset: planRuleset(pipeline, args.bypass),
    diagnostics: [...accountDiagnostics(args, pipeline), ...fileDiagnostics(sink, files)],
  };
}

function pipelineOf({ repository, delivery }: GithubDeliveryArgs, serviceName: string): PlannedPipeline {
  const key = keyOf(repository, delivery);
  return planPipeline(delivery, { serviceName, ...(key !== undefined && { repository: key }) });
}

/** What the document calls a repository. */
export const keyOf = (repository: string, { repositories = {} }: Delivery): string | undefined =>
  Object.entries(repositories).find(([, { name }]) => name.toLowerCase() === repository.toLowerCase())?.[0];

/** By their paths, the one that runs on every change last, so that it is always the same commit that starts a run. */
function inOrder(files: readonly GeneratedFile[]): GeneratedFile[] {
  const rank = ({ path }: GeneratedFile) => (path === ".github/workflows/ci.yml" ? 1 : 0);
  return [...files].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

/** A branch of its own for each content: what is proposed next gets a pull request of its own. */
function branchFor(files: readonly GeneratedFile[]): string {
  const content = JSON.stringify(files.map(({ path, content }) => [path, content]));
  return `headgate/pipeline-${createHash("sha256").update(content).digest("hex").slice(0, 8)}`;
}

/** Labels of the issues in which deployments are approved. */
const labelsOf = (pipeline: PipelinePlan): PlannedLabel[] =>
  pipeline.environments
    .filter(({ approval }) => approval?.way === "issue")
    .map(({ name }) => ({ name: `deploy-${name}`, color: "0e8a16", description: "Answers deploy" }));
