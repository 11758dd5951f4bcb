import type { PlannedMessage } from "../../pipeline/plan";
import type { NotifyJob } from "../../pipeline/planned-jobs";
import { emailScript, happenedScript, slackScript } from "../../pipeline/scripts/notify";
import type { CiJob, Rule } from "../ci-file";
import type { Emitter } from "../emitter";
import { needPrograms, needVariables } from "../setup";
import { step } from "../shell";

/**
 * Tells people what the jobs before it came to. On GitLab a job starts either when everything before it succeeded or
 * when something failed: there is one job for each, and of a pipeline only one of them runs. They wait for the stages
 * before them: by `needs` a job that wants to hear of failures is skipped as soon as one of these was skipped.
 */
export function notifyJobs(emitter: Emitter, job: NotifyJob, conditions: readonly string[]): [string, CiJob][] {
  const { messages, name } = emitter.plan;
  const make = (when: "on_success" | "on_failure"): CiJob =>
    emitter.job({
      stage: "notify",
      image: emitter.image("toolchain"),
      rules: conditions.map((condition): Rule => ({ if: condition, when })),
      timeoutMinutes: job.timeoutMinutes,
      secrets: job.secrets,
      before_script: [...needVariables(job.secrets), needPrograms("curl", "jq")],
      script: [
        step({ title: "See how the pipeline before ended", run: beforeScript }),
        step({
          title: "See what happened",
          values: { FAILED: String(when === "on_failure") },
          run: `${resultsScript}\n${happenedScript}`,
        }),
        ...messageSteps(name, messages),
      ],
    });
  return [
    [job.id, make("on_success")],
    [`${job.id}-failure`, make("on_failure")],
  ];
}

/** Deployments leave a file each; anything else that failed is told by when this job runs. */
const resultsScript = `results='{}'
for file in .headgate/deploy-*.json; do
  if [ -f "$file" ]; then results=$(jq -c --argjson before "$results" '$before + .' "$file"); fi
done
if [ "$FAILED" = true ] && ! jq -e 'any(.[]; .result == "failure")' <<< "$results" > /dev/null; then
  results=$(jq -c '. + { pipeline: { result: "failure" } }' <<< "$results")
fi
export RESULTS="$results" BEFORE=
if [ -f "$WORK/before" ]; then BEFORE=$(cat "$WORK/before"); fi`;

/** Only a token of the project may look at other pipelines; without one, nobody is told of a recovery. */
const beforeScript = `set -euo pipefail
if [ -z "\${GITLAB_TOKEN:-}" ]; then exit 0; fi
(umask 077 && printf 'header = "PRIVATE-TOKEN: %s"\\n' "$GITLAB_TOKEN" > "$WORK/curl")
status=$(curl --config "$WORK/curl" --fail --silent --show-error --max-time 60 --get \\
  --data-urlencode "ref=$CI_COMMIT_REF_NAME" --data "source=push&per_page=20" \\
  "$CI_API_V4_URL/projects/$CI_PROJECT_ID/pipelines" |
  jq -r --argjson this "$CI_PIPELINE_ID" '[.[] | select(.id < $this and (.status == "failed" or .status == "success"))][0].status // ""')
if [ "$status" = failed ]; then echo failure > "$WORK/before"; fi
`;

/** One step for each message, for when something that it is about happened. */
export const messageSteps = (about: string, messages: readonly PlannedMessage[]): string[] =>
  messages.map((message) => {
    const { way, to, server = "", secrets, events, environments } = message;
    const values = { EVENTS: events.join(" "), ENVIRONMENTS: environments.join(" "), ABOUT: about };
    const [first = "", second = ""] = secrets;
    const title = `Tell ${to.join(", ")}`;
    if (way === "slack") {
      return step({
        title,
        values: { ...values, CHANNEL: to[0] ?? "" },
        words: { LINK: "$CI_PIPELINE_URL", SLACK_WEBHOOK: `$${first}` },
        run: slackScript,
      });
    }
    return step({
      title,
      values: {
        ...values,
        TO: to.join(", "),
        FROM: to[0] ?? "",
        SERVER: server,
        PROTOCOL: server.endsWith(":465") ? "smtps" : "smtp",
      },
      words: { LINK: "$CI_PIPELINE_URL", MAIL_USER: `$${first}`, MAIL_PASSWORD: `$${second}` },
      run: emailScript,
    });
  });
