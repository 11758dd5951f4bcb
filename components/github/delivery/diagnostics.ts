import type { Diagnostic } from "../../model/diagnostics";
import { joinPath } from "../../model/problem";
import type { GeneratedFile } from "../../pipeline/generated-file";
import type { PipelinePlan } from "../../pipeline/plan";
import { FileSink, type GithubDeliveryArgs, GithubPlan, RepositoryVisibility } from "./args";

const dropped = (feature: string, message: string): Diagnostic => ({
  feature,
  fidelity: "dropped",
  message,
  maxExposureError: 0,
});

/**
 * What an account's plan lacks. Public repositories have everything; private ones have environments, deployment
 * branches and rulesets with Pro, Team and Enterprise, reviewers and wait timers with Enterprise alone, and a merge
 * queue in organizations with Enterprise. Source: GitHub's documentation of deployments, rulesets and merge queues.
 */
export function accountDiagnostics({ account }: GithubDeliveryArgs, pipeline: PipelinePlan): Diagnostic[] {
  const { plan = GithubPlan.enterprise, visibility = RepositoryVisibility.private } = account ?? {};
  if (plan === GithubPlan.enterprise || visibility === RepositoryVisibility.public) return [];
  const where = `a ${visibility} repository with the plan "${plan}"`;
  const approvals = pipeline.environments
    .filter(({ approval }) => approval?.way === "environment" && (people(approval) > 0 || approval.waitMinutes > 0))
    .map(({ name, approval }) => {
      const rule = approval !== undefined && people(approval) > 0 ? "reviewers" : "a wait timer";
      return dropped(
        joinPath("delivery.environments", name, "approval"),
        `GitHub has no ${rule} in ${where}, and will refuse this environment, so that nothing is deployed without ` +
          `approval. Set way to "dispatch" or "issue", make the repository public, or take GitHub Enterprise.`,
      );
    });
  const queue = pipeline.protection.mergeQueue
    ? [dropped("delivery.pipeline.protection.mergeQueue", `GitHub has no merge queue in ${where}. Set it to false.`)]
    : [];
  if (plan !== GithubPlan.free) return [...approvals, ...queue];
  const free = "Make the repository public, or take GitHub Pro or Team.";
  return [
    ...approvals,
    ...(pipeline.environments.length === 0
      ? []
      : [
          dropped("delivery.environments", `GitHub has no environments in ${where}, and no secrets of theirs. ${free}`),
        ]),
    dropped("delivery.pipeline.protection", `GitHub has no rulesets in ${where}. ${free}`),
    ...queue,
  ];
}

const people = ({ users, teams }: { users: readonly string[]; teams: readonly string[] }) =>
  users.length + teams.length;

/** What files lose on their way. */
export function fileDiagnostics(sink: FileSink, files: readonly GeneratedFile[]): Diagnostic[] {
  if (sink !== FileSink.repository) return [];
  return files
    .filter(({ executable }) => executable === true)
    .map(({ path }) =>
      dropped(
        joinPath("files", path),
        `GitHub's API cannot make a file executable. Run git update-index --chmod=+x ${path}, or choose sink "work-tree".`,
      ),
    );
}
