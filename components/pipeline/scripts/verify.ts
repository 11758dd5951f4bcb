/**
 * Asks $URL until it answered $CONSECUTIVE times in a row with a status from 200 to 399, every $INTERVAL seconds, for at
 * most $TIMEOUT seconds.
 */
export const verifyScript = `set -euo pipefail
end=$((SECONDS + TIMEOUT))
good=0
while true; do
  status=$(curl --silent --show-error --output /dev/null --max-time 10 --write-out '%{http_code}' "$URL") || status=none
  if [[ $status =~ ^[23][0-9][0-9]$ ]]; then good=$((good + 1)); else good=0; fi
  echo "answer $status, $good of $CONSECUTIVE good ones in a row"
  if ((good >= CONSECUTIVE)); then exit 0; fi
  if ((SECONDS >= end)); then break; fi
  sleep "$INTERVAL"
done
echo "$URL did not answer well $CONSECUTIVE times in a row within $TIMEOUT s." >&2
exit 1
`;
