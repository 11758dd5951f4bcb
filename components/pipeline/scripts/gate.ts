/**
 * Fails unless every job in $RESULTS succeeded: an object of names and results, as the platform gives it. A job that was
 * skipped passes only when it is named in $MAY_SKIP. Nothing to look at is a failure too, also no text at all.
 */
export const gateScript = `set -euo pipefail
bad=$(jq -nr --arg may "$MAY_SKIP" 'input
  | ($may | split(" ")) as $may
  | if length == 0 then "nothing was asked of this gate" else
      to_entries[] | select(.value.result != "success")
      | select((.value.result == "skipped" and (.key as $name | $may | index($name) != null)) | not)
      | "\\(.key): \\(.value.result)"
    end' <<< "$RESULTS")
if [ -n "$bad" ]; then
  printf 'The gate stays closed:\\n%s\\n' "$bad" >&2
  exit 1
fi
echo "Every job succeeded."
`;
