/** What `headgate judge --help` prints. */
export const HELP = `usage: headgate judge --counters FILE.csv [options]
       headgate judge --prometheus URL --service NAME [options]
       headgate judge --prometheus URL --canary MATCHERS --stable MATCHERS --total METRIC --bad SELECTOR [options]
       headgate judge --replay PATH... [options]

Runs the sequential test that judges releases on recorded numbers: does the new version, the canary, fail more often
than the old one, stable?

From a file
  --counters FILE       a CSV file with a row for each scrape: t in seconds, and the cumulative counters canary_total,
                        canary_bad, stable_total, stable_bad; for latency also canary_timed, canary_slow,
                        stable_timed, stable_slow. Any order of columns. Rows from before canary_total grows are the
                        history of the old version

From Prometheus
  --prometheus URL      its address
  --service NAME        the latest release of a service on a Docker host of Headgate. With --release latency is judged
                        too
  --canary MATCHERS     labels of the new version's series: 'revision="12"'
  --stable MATCHERS     labels of the old version's series: 'revision="11"'
  --total METRIC        counter of requests: http_requests_total
  --bad SELECTOR        counter of bad ones: 'http_requests_total{code=~"5.."}'
  --from TIME           "-20m", "2026-01-31T14:00:00Z" or seconds since 1970. Defaults to 2 hours before --to. It
                        should lie an hour before the release, for the history
  --to TIME             the same. Defaults to now
  --step SECONDS        time between two scrapes. Defaults to what the samples say

The rule
  --release FILE        take analysis and objectives from a cicd.yml, a JSON file or a TypeScript module
  --service NAME        the service in it, where it has several
  --alpha NUMBER        chance of failing a version as good as the old one. Defaults to 0.01
  --beta NUMBER         chance of passing a version that fails twice as often. Defaults to 0.05
  --tolerate NUMBER     accepted multiple of the old version's share of bad requests. Defaults to 1
  --ignore-below RATIO  share of bad requests below which nothing fails, 0 to 1. Defaults to 0.001
  --slo-max RATIO       share of bad requests that passes by staying surely below. Defaults to 0.01
  --warm-up TIME        time after the canary's first request that is not judged: "30s". Defaults to 0s
  --history TIME        time before it that tells how errors come: "1h". Defaults to 1h
  --min-requests COUNT  fewer requests of the old version than this tell nothing of its usual share. Defaults to 50
  --latency-ratio RATIO share of the requests that must be fast: judges the slow ones. Defaults to no judgement

Output
  --json                print the judgement as JSON; docs/judge.md explains its fields
  --svg FILE            draw the evidence over time, and both shares of bad requests
  --replay PATH...      judge many recorded releases, in folders or CSV files, by every combination of settings, which
                        may be lists: --alpha 0.01,0.05. What each release was is in labels.csv beside it (columns
                        file,expected; good or bad), or its name begins with good- or bad-
  --help                print this

Exit code 0 when the canary passes (and after --replay), 1 when it fails, 2 when something cannot be read or is wrong,
3 when it is undecided.`;
