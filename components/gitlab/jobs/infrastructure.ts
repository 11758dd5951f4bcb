import { deployedImages, plannedEnvironment } from "../../pipeline/lookup";
import type { DriftJob, PreviewJob } from "../../pipeline/planned-jobs";
import { driftScript, previewScript, rememberScript } from "../../pipeline/scripts/deploy";
import type { CiJob, Rule } from "../ci-file";
import type { Emitter } from "../emitter";
import { needVariables } from "../setup";
import { attempt, step } from "../shell";
import { identify, idTokens } from "./cloud";
import { messageSteps } from "./notify";
import { pulumiStep, reach, setUpPulumi } from "./pulumi";

/** Variable with a token of the project that may write notes and issues; a job's own token may not. */
export const apiToken = "GITLAB_TOKEN";

/** Shows on a merge request what its merge would change, or looks whether something changed by itself. */
export function watchJob(emitter: Emitter, job: PreviewJob | DriftJob, rules: readonly Rule[]): CiJob {
  const { infrastructure, keepArtifactsDays, messages, name } = emitter.plan;
  const environment = plannedEnvironment(emitter.plan, job.environment);
  const { identity, secrets } = infrastructure;
  const pulumi = pulumiStep(emitter, environment);
  const images = deployedImages(environment);
  const preview = job.kind === "preview";
  const told = preview ? [] : messages.filter(({ events }) => events.includes("drifted"));
  const all = [...new Set([...secrets, ...told.flatMap((message) => message.secrets)])];
  const file = `.headgate/${job.id}.txt`;
  return emitter.job({
    stage: "watch",
    image: emitter.image("pulumi"),
    rules,
    timeoutMinutes: job.timeoutMinutes,
    interruptible: preview,
    secrets: all,
    ...idTokens(identity),
    before_script: [...needVariables(all), ...setUpPulumi(emitter)],
    script: [
      ...identify(identity),
      ...reach(secrets),
      "outcome=well",
      attempt(
        "changed",
        step({
          title: job.title,
          ...pulumi,
          run: `${rememberScript}${preview ? previewScript(images) : driftScript(images)}`,
        }),
      ),
      `# Keep what was seen\nmkdir -p .headgate\nif [ -f "$WORK/preview.txt" ]; then cp "$WORK/preview.txt" ${file}; else echo "See the job's log." > ${file}; fi`,
      step({
        title: preview ? "Write a note" : "Open an issue",
        values: { FILE: file, ENVIRONMENT: environment.name },
        words: { OUTCOME: "$outcome" },
        run: preview ? noteScript : issueScript,
      }),
      ...(told.length === 0
        ? []
        : [
            `if [ "$outcome" != well ]; then\necho "drifted ${environment.name}" > "$WORK/happened"\n${messageSteps(name, told).join("\n")}\nfi`,
          ]),
      'if [ "$outcome" != well ]; then exit 1; fi',
    ],
    artifacts: { when: "always", expire_in: `${keepArtifactsDays} days`, paths: [file] },
  });
}

// A job's own token may not write: without another one, what was seen is kept as a file of the job.
const ask = `set -euo pipefail
if [ -z "\${${apiToken}:-}" ]; then
  echo "There is no ${apiToken} for this job: what was seen is in $FILE, and nowhere else."
  exit 0
fi
project="$CI_API_V4_URL/projects/$CI_PROJECT_ID"
# By way of a file: arguments are seen by every process of the machine.
(umask 077 && printf 'header = "PRIVATE-TOKEN: %s"\\n' "$${apiToken}" > "$WORK/curl")
api() {
  curl --config "$WORK/curl" --fail --silent --show-error --max-time 60 --header 'Content-Type: application/json' "$@"
}
`;

const noteScript = `${ask}marker="<!-- headgate preview $ENVIRONMENT -->"
tail -c 60000 "$FILE" | jq -Rs --arg marker "$marker" --arg name "$ENVIRONMENT" \\
  '{ body: "\\($marker)\\n### Preview of \\($name)\\n\\n~~~~~diff\\n\\(.)\\n~~~~~" }' > "$WORK/note.json"
notes="$project/merge_requests/$CI_MERGE_REQUEST_IID/notes"
old=$(api "$notes?per_page=100&sort=asc" | jq -r --arg marker "$marker" \\
  '[.[] | select(.body | startswith($marker))][0].id // empty')
if [ -n "$old" ]; then
  api --request PUT --data "@$WORK/note.json" "$notes/$old" > /dev/null
else
  api --data "@$WORK/note.json" "$notes" > /dev/null
fi
`;

const issueScript = `if [ "$OUTCOME" = well ]; then exit 0; fi
${ask}title="$ENVIRONMENT is not as its program says"
tail -c 60000 "$FILE" | jq -Rs --arg title "$title" --arg link "$CI_JOB_URL" \\
  '{ title: $title, description: "Seen by \\($link)\\n\\n~~~~~diff\\n\\(.)\\n~~~~~" } | . + { body: .description }' \\
  > "$WORK/issue.json"
old=$(api --get --data-urlencode "search=$title" "$project/issues?state=opened&in=title" |
  jq -r --arg title "$title" '[.[] | select(.title == $title)][0].iid // empty')
if [ -n "$old" ]; then
  api --data "@$WORK/issue.json" "$project/issues/$old/notes" > /dev/null
else
  api --data "@$WORK/issue.json" "$project/issues" > /dev/null
fi
`;
