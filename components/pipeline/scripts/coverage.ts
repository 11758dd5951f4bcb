/**
 * Reads the share of covered lines from $REPORT (Cobertura or LCOV) and fails below $MINIMUM percent. The share is
 * rounded down: 79.999 % are less than 80 %. A report without a line is no report, whatever rate it tells.
 * Sources: LCOV's geninfo(1), records LF and LH; Cobertura's coverage-04.dtd, lines-covered, lines-valid, line-rate.
 */
export const coverageScript = `set -euo pipefail
if [ ! -s "$REPORT" ]; then
  echo "There is no report of coverage in $REPORT: the unit tests write it." >&2
  exit 1
fi
percent=$(awk '
  /^LF:/ { found += substr($0, 4) }
  /^LH:/ { hit += substr($0, 4) }
  /<coverage[ >]/ && !seen {
    seen = 1
    if (match($0, /lines-valid="[0-9]+"/)) found = substr($0, RSTART + 13, RLENGTH - 14)
    if (match($0, /lines-covered="[0-9]+"/)) hit = substr($0, RSTART + 15, RLENGTH - 16)
    if (match($0, /line-rate="[0-9.eE+-]+"/)) rate = substr($0, RSTART + 11, RLENGTH - 12)
  }
  END {
    if (found > 0) printf "%.2f", int(10000 * hit / found) / 100
    else if (found == "" && rate != "") printf "%.2f", int(10000 * rate + 0.0001) / 100
  }' "$REPORT")
if [ -z "$percent" ]; then
  echo "$REPORT is no report in the format of Cobertura or LCOV, or holds no line." >&2
  exit 1
fi
echo "Coverage: $percent % of the lines, at least $MINIMUM % are asked for."
awk -v percent="$percent" -v minimum="$MINIMUM" 'BEGIN { exit !(percent + 0 >= minimum + 0) }' || {
  echo "The coverage is too small." >&2
  exit 1
}
`;
