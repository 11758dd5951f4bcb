/**
 * Writes what happened to $WORK/happened, one "event environment" a line, "-" where it is about none. $RESULTS is an
 * object of jobs with their result and outputs; $BEFORE is how the run before this one ended. A run that was cancelled
 * recovers nothing.
 */
export const happenedScript = `set -euo pipefail
mkdir -p "$WORK"
jq -r --arg before "$BEFORE" '
  ([.[].result] | any(. == "success") and all(. == "success" or . == "skipped")) as $well
  | [to_entries[] | .key as $job | .value
    | ($job | if startswith("deploy-") then ltrimstr("deploy-") else "-" end) as $environment
    | if .outputs.rolledBack == "true" then "rolled-back \\($environment)" else empty end,
      if .result == "failure" then "failed \\($environment)" else empty end,
      if .result == "success" and $environment != "-" then "deployed \\($environment)" else empty end]
  | if $before == "failure" and $well then . + ["recovered -"] else . end
  | unique[]' <<< "$RESULTS" > "$WORK/happened"
cat "$WORK/happened"
`;

/** Lines of $WORK/happened that are among $EVENTS and $ENVIRONMENTS; the script ends well when there is none. */
const wanted = `awk -v events=" $EVENTS " -v environments=" $ENVIRONMENTS " '
  index(events, " " $1 " ") && ($2 == "-" || index(environments, " " $2 " ")) {
    line = $1
    gsub("-", " ", line)
    print ($2 == "-" ? line : line ": " $2)
  }' "$WORK/happened" > "$WORK/wanted"
if [ ! -s "$WORK/wanted" ]; then
  echo "Nothing of it is asked for here."
  exit 0
fi
`;

/** Text between the quotes of a line of curl's configuration. Source: curl(1), option --config. */
const quoted = `quoted() {
  local text=\${1//\\\\/\\\\\\\\}
  printf '%s' "\${text//\\"/\\\\\\"}"
}`;

/** Tells a channel of Slack by the incoming webhook whose address is in $SLACK_WEBHOOK. */
export const slackScript = `set -euo pipefail
${wanted}
if [ -z "$SLACK_WEBHOOK" ]; then
  echo "The secret with the address of Slack's webhook is empty: set it, or remove the notification." >&2
  exit 1
fi
jq -Rs --arg channel "$CHANNEL" --arg about "$ABOUT" --arg link "$LINK" \\
  '{ channel: $channel, text: "*\\($about)*\\n\\(.)<\\($link)|Open the run>" }' "$WORK/wanted" > "$WORK/message.json"
${quoted}
# By way of standard input: arguments are seen by every process of the machine.
printf 'url = "%s"\\n' "$(quoted "$SLACK_WEBHOOK")" | curl --config - --fail --silent --show-error --output /dev/null \\
  --retry 3 --max-time 20 --header 'Content-Type: application/json' --data "@$WORK/message.json"
`;

/** Tells people by e-mail, over a connection with TLS. */
export const emailScript = `set -euo pipefail
${wanted}
if [ -z "$MAIL_USER" ] || [ -z "$MAIL_PASSWORD" ]; then
  echo "The secrets with user and password of the mail server are empty: set them, or remove the notification." >&2
  exit 1
fi
# Mail servers refuse lines that end with a bare line feed.
{
  printf 'From: %s\\nTo: %s\\nSubject: %s: %s\\n' "$FROM" "$TO" "$ABOUT" "$(head -n 1 "$WORK/wanted")"
  LC_ALL=C date -u '+Date: %a, %d %b %Y %H:%M:%S +0000'
  printf 'MIME-Version: 1.0\\nContent-Type: text/plain; charset=utf-8\\n\\n'
  cat "$WORK/wanted"
  printf '\\n%s\\n' "$LINK"
} | awk '{ printf "%s\\r\\n", $0 }' > "$WORK/message.txt"
recipients=()
for address in $TO; do recipients+=(--mail-rcpt "\${address%,}"); done
${quoted}
printf 'user = "%s:%s"\\n' "$(quoted "$MAIL_USER")" "$(quoted "$MAIL_PASSWORD")" |
  curl --config - --fail --silent --show-error --ssl-reqd --max-time 60 --url "$PROTOCOL://$SERVER" \\
  --mail-from "$FROM" "\${recipients[@]}" --upload-file "$WORK/message.txt"
`;
