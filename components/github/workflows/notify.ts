import type { PlannedMessage } from "../../pipeline/plan";
import type { AnnounceJob, NotifyJob } from "../../pipeline/planned-jobs";
import { emailScript, happenedScript, slackScript } from "../../pipeline/scripts/notify";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import { secret, secretsEnvironment } from "./registry";
import { workFolder } from "./setup";
import type { Step, StepsJob, Value } from "./workflow";

const link = text`${expression`github.server_url`}/${expression`github.repository`}/actions/runs/${expression`github.run_id`}`;

/** Tells people what the jobs before it came to. It looks at their results, not at its own. */
export function notifyJob(emitter: Emitter, job: NotifyJob, needs: readonly string[]): StepsJob {
  const { plan } = emitter;
  const recovers = plan.messages.some(({ events }) => events.includes("recovered"));
  return {
    name: job.title,
    needs,
    if: expression`always()`,
    permissions: recovers ? { actions: { access: "read", why: "see how the run before this one ended" } } : {},
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: job.timeoutMinutes,
    ...secretsEnvironment(job.secrets),
    steps: [
      ...(recovers
        ? [
            {
              name: "See how the run before ended",
              id: "before",
              env: { GH_TOKEN: expression`github.token`, WORKFLOW: "deliver.yml" },
              run: beforeScript,
            },
          ]
        : []),
      {
        name: "See what happened",
        env: {
          WORK: workFolder,
          RESULTS: expression`toJSON(needs)`,
          BEFORE: recovers ? expression`steps.before.outputs.conclusion` : "",
        },
        run: happenedScript,
      },
      ...plan.messages.map((message) => messageStep(plan.name, message)),
    ],
  };
}

/** Tells people that a deployment waits for them, while it begins to wait. */
export function announceJob(emitter: Emitter, job: AnnounceJob, needs: readonly string[]): StepsJob {
  const { plan } = emitter;
  const told = plan.messages.filter(({ events }) => events.includes("approval-needed"));
  return {
    name: job.title,
    needs,
    permissions: {},
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: job.timeoutMinutes,
    ...secretsEnvironment(job.secrets),
    steps: [
      {
        name: "Note what waits",
        env: { WORK: workFolder, LINE: `approval-needed ${job.environment}` },
        run: 'mkdir -p "$WORK"\necho "$LINE" > "$WORK/happened"',
      },
      ...told.map((message) => messageStep(plan.name, message)),
    ],
  };
}

const beforeScript = `set -euo pipefail
conclusion=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow "$WORKFLOW" --branch "$GITHUB_REF_NAME" \\
  --status completed --limit 1 --json conclusion --jq '.[0].conclusion // ""')
echo "conclusion=$conclusion" >> "$GITHUB_OUTPUT"
`;

/** One message, when something that it is about happened. */
export function messageStep(about: string, message: PlannedMessage): Step {
  const common: Record<string, Value> = {
    WORK: workFolder,
    EVENTS: message.events.join(" "),
    ENVIRONMENTS: message.environments.join(" "),
    ABOUT: about,
    LINK: link,
  };
  if (message.way === "slack") {
    return {
      name: `Tell ${message.to.join(", ")}`,
      if: expression`!cancelled()`,
      env: { ...common, CHANNEL: message.to[0] ?? "", SLACK_WEBHOOK: secret(message.secrets[0] ?? "") },
      run: slackScript,
    };
  }
  return {
    name: `Tell ${message.to.join(", ")}`,
    if: expression`!cancelled()`,
    env: {
      ...common,
      TO: message.to.join(", "),
      FROM: message.to[0] ?? "",
      SERVER: message.server ?? "",
      PROTOCOL: (message.server ?? "").endsWith(":465") ? "smtps" : "smtp",
      MAIL_USER: secret(message.secrets[0] ?? ""),
      MAIL_PASSWORD: secret(message.secrets[1] ?? ""),
    },
    run: emailScript,
  };
}
