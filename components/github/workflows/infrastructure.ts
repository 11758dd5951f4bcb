import { deployedImages, plannedEnvironment } from "../../pipeline/lookup";
import type { PlannedEnvironment } from "../../pipeline/plan";
import { Phase } from "../../pipeline/planned-jobs";
import { driftScript, previewScript, rememberScript } from "../../pipeline/scripts/deploy";
import { hasIdentity, identitySteps } from "./cloud";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import { messageStep } from "./notify";
import { readSources, takeIdentity } from "./permissions";
import { accessSteps, pulumiSteps, pulumiVariables } from "./pulumi";
import { secretsEnvironment } from "./registry";
import { workFolder } from "./setup";
import type { Permissions, Step, StepsJob, Workflow } from "./workflow";

/** Shows on a pull request what its merge would change. Pull requests of forks get no secrets, and so no preview. */
export function previewWorkflow(emitter: Emitter): Workflow | undefined {
  const { branches } = emitter.plan;
  const targets =
    branches.integration === undefined ? [branches.production] : [branches.production, branches.integration];
  return watchWorkflow(emitter, "preview", {
    file: "preview.yml",
    name: "Preview",
    on: { pullRequest: { branches: targets } },
    concurrency: { group: text`preview-${expression`github.event.pull_request.number`}`, cancelInProgress: true },
  });
}

/** Looks whether the infrastructure is still as its program says, and opens an issue when it is not. */
export function driftWorkflow(emitter: Emitter): Workflow | undefined {
  const { drift } = emitter.plan.infrastructure;
  if (drift === undefined) return undefined;
  return watchWorkflow(emitter, "drift", {
    file: "drift.yml",
    name: "Drift",
    on: { schedule: drift, dispatch: {} },
    concurrency: { group: "drift", cancelInProgress: false },
  });
}

function watchWorkflow(
  emitter: Emitter,
  kind: "preview" | "drift",
  head: Omit<Workflow, "jobs">,
): Workflow | undefined {
  const jobs = emitter.plan.jobs.filter(({ phase }) => phase === Phase[kind]);
  if (jobs.length === 0) return undefined;
  const made = jobs.map((job): [string, StepsJob] => {
    if (job.kind !== "preview" && job.kind !== "drift") throw new Error(`${job.id} looks at nothing`);
    const environment = plannedEnvironment(emitter.plan, job.environment);
    return [job.id, watchJob(emitter, kind, environment, job.title)];
  });
  return { ...head, jobs: Object.fromEntries(made) };
}

const extra: Record<"preview" | "drift", Permissions> = {
  preview: { "pull-requests": { access: "write", why: "comment what would change" } },
  drift: { issues: { access: "write", why: "open an issue about what changed" } },
};

function watchJob(
  emitter: Emitter,
  kind: "preview" | "drift",
  environment: PlannedEnvironment,
  title: string,
): StepsJob {
  const { infrastructure, runners, messages, name } = emitter.plan;
  const { identity, secrets } = infrastructure;
  const pulumi = {
    workingDirectory: infrastructure.directory,
    env: { ...environment.variables, ...pulumiVariables(emitter, environment.stack, secrets) },
  };
  const images = deployedImages(environment);
  const told = messages.filter(({ events }) => events.includes("drifted"));
  const about = { GH_TOKEN: expression`github.token`, WORK: workFolder, ENVIRONMENT: environment.name };
  const after: Step[] =
    kind === "preview"
      ? [
          {
            name: "Comment",
            if: expression`!cancelled()`,
            env: { ...about, PULL_REQUEST: expression`github.event.pull_request.number` },
            run: commentScript,
          },
        ]
      : [
          { name: "Open an issue", if: expression`failure()`, env: about, run: issueScript },
          ...(told.length === 0
            ? []
            : [
                {
                  name: "Note the drift",
                  if: expression`failure()`,
                  env: { WORK: workFolder, LINE: `drifted ${environment.name}` },
                  run: 'mkdir -p "$WORK"\necho "$LINE" > "$WORK/happened"',
                },
                ...told.map((message) => ({ ...messageStep(name, message), if: expression`failure()` })),
              ]),
        ];
  return {
    name: title,
    ...(kind === "preview" && {
      if: expression`github.event.pull_request.head.repo.full_name == github.repository`,
    }),
    permissions: { ...readSources, ...extra[kind], ...(hasIdentity(identity) && takeIdentity) },
    runsOn: runners.githubLabel,
    timeoutMinutes: 30,
    ...secretsEnvironment(secrets),
    steps: [
      ...pulumiSteps(emitter),
      ...identitySteps(emitter, identity),
      ...accessSteps(secrets),
      { name: "See what runs", ...pulumi, run: rememberScript },
      { name: title, ...pulumi, run: kind === "preview" ? previewScript(images) : driftScript(images) },
      ...after,
    ],
  };
}

// Comments and issues hold at most 65,536 characters.
const commentScript = `set -euo pipefail
marker="<!-- headgate preview $ENVIRONMENT -->"
mkdir -p "$WORK"
{
  echo "$marker"
  echo "### Preview of $ENVIRONMENT"
  echo
  echo '\`\`\`diff'
  if [ -s "$WORK/preview.txt" ]; then tail -c 60000 "$WORK/preview.txt"; else echo "There is no preview: see the run."; fi
  echo '\`\`\`'
} > "$WORK/comment.md"
comments="repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"
old=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\\"$marker\\")) | .id" | head -n 1)
if [ -n "$old" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$old" --field body=@"$WORK/comment.md" > /dev/null
else
  gh api "$comments" --field body=@"$WORK/comment.md" > /dev/null
fi
`;

const issueScript = `set -euo pipefail
title="$ENVIRONMENT is not as its program says"
mkdir -p "$WORK"
{
  echo "Seen by $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
  echo
  echo '\`\`\`diff'
  if [ -s "$WORK/preview.txt" ]; then tail -c 60000 "$WORK/preview.txt"; else echo "There is no preview: see the run."; fi
  echo '\`\`\`'
} > "$WORK/issue.md"
number=$(gh issue list --repo "$GITHUB_REPOSITORY" --state open --search "in:title \\"$title\\"" --json number,title \\
  --jq "[.[] | select(.title == \\"$title\\")][0].number // empty")
if [ -n "$number" ]; then
  gh issue comment "$number" --repo "$GITHUB_REPOSITORY" --body-file "$WORK/issue.md"
else
  gh issue create --repo "$GITHUB_REPOSITORY" --title "$title" --body-file "$WORK/issue.md"
fi
`;
