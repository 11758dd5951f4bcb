import { jobsOf, plannedEnvironment } from "../../pipeline/lookup";
import type { PlannedEnvironment } from "../../pipeline/plan";
import { branchCondition, builtImages } from "./delivered";
import { deployFile } from "./deploy";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import type { StepsJob, Workflow } from "./workflow";

const label = (environment: string): string => `deploy-${environment}`;

/** Asks in an issue. The run ends; an answer starts the deployment. */
export function askJob(emitter: Emitter, environment: PlannedEnvironment, needs: readonly string[]): StepsJob {
  const condition = branchCondition(emitter, environment);
  return {
    name: `Ask for ${environment.name}`,
    needs,
    ...(condition !== undefined && { if: condition }),
    permissions: { issues: { access: "write", why: "open the issue with the question" } },
    runsOn: emitter.plan.runners.githubLabel,
    timeoutMinutes: 5,
    steps: [
      {
        name: "Open an issue",
        env: {
          GH_TOKEN: expression`github.token`,
          ENVIRONMENT: environment.name,
          LABEL: label(environment.name),
          PEOPLE: (environment.approval?.users ?? []).map((user) => `@${user}`).join(", "),
          IMAGES: builtImages(environment.images),
        },
        run: askScript,
      },
    ],
  };
}

const askScript = `set -euo pipefail
gh label create "$LABEL" --repo "$GITHUB_REPOSITORY" --force --description 'Answers deploy' > /dev/null
{
  echo "Shall this go to $ENVIRONMENT? $PEOPLE"
  echo
  echo "Answer with the single word \\\`/deploy\\\`. Close the issue when it shall not."
  echo
  echo '\`\`\`json'
  jq -c . <<< "$IMAGES"
  echo '\`\`\`'
  echo "Started by @$GITHUB_ACTOR: $GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"
} > "$RUNNER_TEMP/question.md"
gh issue create --repo "$GITHUB_REPOSITORY" --title "Deploy \${GITHUB_SHA:0:7} to $ENVIRONMENT" \\
  --label "$LABEL" --body-file "$RUNNER_TEMP/question.md"
`;

/** Starts a deployment when somebody who may answers its issue. */
export function approveWorkflow(emitter: Emitter): Workflow | undefined {
  const asked = jobsOf(emitter.plan, "ask").map(({ environment }) => plannedEnvironment(emitter.plan, environment));
  if (asked.length === 0) return undefined;
  return {
    file: "approve.yml",
    name: "Approve",
    on: { issueComment: true },
    concurrency: { group: text`approve-${expression`github.event.issue.number`}`, cancelInProgress: false },
    jobs: Object.fromEntries(
      asked.map((environment) => [`approve-${environment.name}`, approveJob(emitter, environment)]),
    ),
  };
}

function approveJob(emitter: Emitter, environment: PlannedEnvironment): StepsJob {
  const people = JSON.stringify(environment.approval?.users ?? []);
  const other = environment.approval?.preventSelfReview === true ? "true" : "false";
  return {
    name: `Approve ${environment.name}`,
    if: expression`github.event.comment.body == '/deploy' && github.event.issue.state == 'open' && github.event.issue.user.login == 'github-actions[bot]' && contains(github.event.issue.labels.*.name, ${label(environment.name)}) && contains(fromJSON(${people}), github.event.comment.user.login)`,
    permissions: {
      actions: { access: "write", why: "start the deployment" },
      issues: { access: "write", why: "read the question and close it" },
    },
    runsOn: emitter.plan.runners.githubLabel,
    timeoutMinutes: 5,
    steps: [
      {
        name: "Start the deployment",
        env: {
          GH_TOKEN: expression`github.token`,
          ISSUE: expression`github.event.issue.number`,
          PERSON: expression`github.event.comment.user.login`,
          PREVENT_SELF_REVIEW: other,
          WORKFLOW: deployFile(environment),
          BRANCH: emitter.plan.branches.production,
        },
        run: approveScript,
      },
    ],
  };
}

const approveScript = `set -euo pipefail
body=$(gh issue view "$ISSUE" --repo "$GITHUB_REPOSITORY" --json body --jq .body)
starter=$(sed -n 's/^Started by @\\([^:]*\\):.*/\\1/p' <<< "$body" | head -n 1)
if [ -z "$starter" ]; then
  echo "The question does not say who started it." >&2
  exit 1
fi
if [ "$PREVENT_SELF_REVIEW" = true ] && [ "$starter" = "$PERSON" ]; then
  gh issue comment "$ISSUE" --repo "$GITHUB_REPOSITORY" --body 'Whoever started a deployment may not agree to it.'
  exit 1
fi
images=$(sed -n '/^\`\`\`json/,/^\`\`\`/p' <<< "$body" | sed '1d;$d')
jq -en 'input | type == "object"' <<< "$images" > /dev/null
gh workflow run "$WORKFLOW" --repo "$GITHUB_REPOSITORY" --ref "$BRANCH" --raw-field images="$images"
gh issue close "$ISSUE" --repo "$GITHUB_REPOSITORY" --comment "The deployment was started by @$PERSON."
`;
