/**
 * Adds the results in $REPORT, a file or a glob in JUnit's format, to the page $SUMMARY of the run: how many tests
 * passed, and the names of those that did not. Tests are counted, since suites may stand in suites.
 */
export const resultsScript = `set -euo pipefail
shopt -s globstar nullglob
mapfile -t files < <(compgen -G "$REPORT" || true)
if [ "\${#files[@]}" = 0 ]; then
  echo "There is no report in $REPORT: the tests did not come so far."
  exit 0
fi
awk 'BEGIN { RS = "<" }
  /^testcase[ \\t\\r\\n\\/>]/ {
    total += 1
    name = match($0, /[ \\t\\r\\n]name="[^"]*"/) ? substr($0, RSTART + 7, RLENGTH - 8) : "?"
    open = 1
  }
  /^(failure|error)[ \\t\\r\\n\\/>]/ && open { failed += 1; bad[failed] = name; open = 0 }
  /^skipped[ \\t\\r\\n\\/>]/ && open { skipped += 1; open = 0 }
  END {
    printf "**%d passed, %d failed, %d skipped**\\n\\n", total - failed - skipped, failed, skipped
    for (i = 1; i <= failed && i <= 50; i += 1) printf "- \`%s\`\\n", bad[i]
    if (failed > 50) printf "- and %d more\\n", failed - 50
  }' "\${files[@]}" | tee -a "$SUMMARY"
`;
