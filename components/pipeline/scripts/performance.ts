/**
 * Compares the figures in $REPORT with those in $BASELINE: both are an object of names and numbers, where less is
 * better. Fails when one grew by more than $MAX_REGRESSION percent. Without a baseline there is nothing to compare with.
 */
export const performanceScript = `set -euo pipefail
if ! jq -e 'type == "object" and length > 0 and all(.[]; type == "number")' "$REPORT" > /dev/null; then
  echo "$REPORT is no object of names and numbers." >&2
  exit 1
fi
if [ ! -s "$BASELINE" ]; then
  echo "There are no earlier figures yet: these become the first ones."
  exit 0
fi
jq -rn --slurpfile old "$BASELINE" --slurpfile new "$REPORT" --argjson most "$MAX_REGRESSION" '
  $old[0] as $old | $new[0] | to_entries[] | .key as $name | .value as $now | $old[$name] as $before |
  if $before == null then "new      \\($name): \\($now)"
  elif $now > $before * (1 + $most / 100) then "SLOWER   \\($name): \\($now), \\($before) before"
  else "fine     \\($name): \\($now), \\($before) before" end' | tee "$REPORT.txt"
if grep -q '^SLOWER' "$REPORT.txt"; then
  echo "At least one figure grew by more than $MAX_REGRESSION %." >&2
  exit 1
fi
`;
