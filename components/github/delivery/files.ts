import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { GeneratedFile } from "../../pipeline/generated-file";
import { keepNewer } from "../pins/keep-newer";
import { WorkTree } from "../work-tree/work-tree";
import { FileSink } from "./args";
import type { DeliveryContext } from "./context";

/** The files as they are written. */
export function filesOf({ component: parent, plan }: DeliveryContext): pulumi.Output<GeneratedFile>[] {
  const { owner, repository, productionBranch: branch } = plan;
  return plan.files.map(({ commitMessage: _, ...file }) => {
    if (!plan.keepNewerPins || !/\buses:/.test(file.content)) return pulumi.output(file);
    // Bots merge into the production branch, whichever branch the files are written to.
    const asked = { repository: `${owner}/${repository}`, file: file.path, branch };
    const live = github.getRepositoryFileOutput(asked, { parent });
    return live.apply((found) => ({ ...file, content: keepNewer(file.content, found.content ?? "") }));
  });
}

/** Writes the files after `before`. Gives what has to be there before the branch is protected. */
export function createFiles(
  context: DeliveryContext,
  files: readonly pulumi.Output<GeneratedFile>[],
  before: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const { name, component: parent, plan } = context;
  if (plan.sink === FileSink.repository) return createCommits(context, files, before);
  const written = plan.files.map(({ commitMessage: _, ...file }) => file);
  return [new WorkTree(`${name}-files`, { directory: plan.directory, files: written }, { parent })];
}

/** One commit for each file, one after the other: GitHub refuses two at the same time on one branch. */
function createCommits(
  { name, component: parent, plan, repository }: DeliveryContext,
  files: readonly pulumi.Output<GeneratedFile>[],
  before: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const { branch, pullRequest, productionBranch, commitAuthor } = plan;
  let last = before;
  if (branch.made) {
    const from = { repository, branch: branch.name, sourceBranch: productionBranch };
    // Its own name: a branch that is named anew would take its pull request with it.
    last = [new github.Branch(`${name}-branch-${branch.name}`, from, { parent, dependsOn: [...before] })];
  }
  for (const [index, { path, commitMessage }] of plan.files.entries()) {
    const file = new github.RepositoryFile(
      `${name}-${path}`,
      {
        repository,
        file: path,
        content: files[index]?.apply(({ content }) => content) ?? "",
        branch: branch.name,
        commitMessage,
        ...(commitAuthor !== undefined && { commitAuthor: commitAuthor.name, commitEmail: commitAuthor.email }),
        overwriteOnCreate: true,
      },
      // What was proposed goes with its branch.
      { parent, dependsOn: [...last], ...(pullRequest !== undefined && { retainOnDelete: true }) },
    );
    last = [file];
  }
  if (pullRequest === undefined) return [...last];
  const request = new github.RepositoryPullRequest(
    `${name}-pull-request`,
    { baseRepository: repository, baseRef: productionBranch, headRef: branch.name, ...pullRequest },
    { parent, dependsOn: [...last] },
  );
  return [request];
}
