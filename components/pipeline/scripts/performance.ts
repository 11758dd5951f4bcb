/**
 * Compares the figures in $REPORT with those in $BASELINE: both are an object of names and numbers, where less is
 * better. Fails when one grew by more than $MAX_REGRESSION percent. Without a baseline there is nothing to compare with.
 */
export const performanceScript = `set -euo pipefail
figures() {
  if ! jq -es 'length == 1 and (.[0] | type == "object" and length > 0 and all(.[]; type == "number"))' "$1" > /dev/null
  then
    echo "$1 is no object of names and numbers." >&2
    exit 1
  fi
}
figures "$REPORT"
if [ ! -s "$BASELINE" ]; then
  echo "There are no earlier figures yet: these become the first ones."
  exit 0
fi
figures "$BASELINE"
jq -rn --slurpfile old "$BASELINE" --slurpfile new "$REPORT" --argjson most "$MAX_REGRESSION" '
  $old[0] as $old | $new[0] as $new | ($new | to_entries[]
    | .key as $name | .value as $now | $old[$name] as $before
    | if $before == null then "new      \\($name): \\($now)"
      elif $now > $before * (1 + $most / 100) then "SLOWER   \\($name): \\($now), \\($before) before"
      else "fine     \\($name): \\($now), \\($before) before" end),
  ($old | to_entries[] | select(.key as $name | $new | has($name) | not)
    | "gone     \\(.key): \\(.value) before")' | tee "$REPORT.txt"
if grep -q '^SLOWER' "$REPORT.txt"; then
  echo "At least one figure grew by more than $MAX_REGRESSION %." >&2
  exit 1
fi
`;
