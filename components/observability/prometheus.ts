/** Addresses on the host's network, as "name:port". */
export interface ScrapeTargets {
  gateway: string;
  guard: string;
  prometheus: string;
  alertmanager: string;
  /** File with the targets of the services, kept by the guard. */
  servicesFile: string;
  rulesFile: string;
}

/** Configuration of the host's Prometheus; JSON is YAML. */
export function prometheusConfiguration(targets: ScrapeTargets, scrapeIntervalSeconds: number): string {
  const job = (name: string, target: string) => ({ job_name: name, static_configs: [{ targets: [target] }] });
  return JSON.stringify(
    {
      global: {
        scrape_interval: `${scrapeIntervalSeconds}s`,
        scrape_timeout: `${Math.min(10, scrapeIntervalSeconds)}s`,
        evaluation_interval: `${Math.max(5, scrapeIntervalSeconds)}s`,
      },
      rule_files: [targets.rulesFile],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [targets.alertmanager] }] }] },
      scrape_configs: [
        job("gateway", targets.gateway),
        job("guard", targets.guard),
        job("prometheus", targets.prometheus),
        job("alertmanager", targets.alertmanager),
        {
          job_name: "services",
          file_sd_configs: [
            { files: [targets.servicesFile], refresh_interval: `${Math.max(1, scrapeIntervalSeconds)}s` },
          ],
        },
      ],
    },
    undefined,
    2,
  );
}

/** Share of server errors of each service behind the gateway over a window. */
function errorRatio(window: string): string {
  const responses = (extra: string) =>
    `sum by (proxy) (rate(haproxy_server_http_responses_total{job="gateway"${extra}}[${window}]))`;
  return `(${responses(',code="5xx"')} / (${responses("")} > 0))`;
}

/** Budget of the service's availability objective, which the guard exports, by the label of the ratio above. */
const BUDGET = '(1 - label_replace(headgate_objective_availability_ratio, "proxy", "$1", "service", "(.*)"))';

/** Condition that the error budget burns faster than `factor` over a long and a short window. */
function burns(factor: number, long: string, short: string): string {
  const side = (window: string) => `${errorRatio(window)} > on (proxy) ${factor} * max by (proxy) ${BUDGET}`;
  return `(${side(long)} and on (proxy) ${side(short)})`;
}

/**
 * Alerts of a host. Burn rates and windows are those of the SRE workbook, chapter 5, table 5-8: 2 % of the month's
 * budget in an hour or 5 % in six pages somebody, 10 % in three days opens a ticket.
 */
export function hostAlerts(): string {
  const alert = (name: string, expr: string, wait: string, severity: "page" | "ticket", summary: string) => ({
    alert: name,
    expr,
    for: wait,
    labels: { severity },
    annotations: { summary },
  });
  return JSON.stringify(
    {
      groups: [
        {
          name: "headgate-service",
          rules: [
            alert(
              "ErrorBudgetBurnsFast",
              `${burns(14.4, "1h", "5m")} or ${burns(6, "6h", "30m")}`,
              "0m",
              "page",
              "{{ $labels.proxy }} answers {{ $value | humanizePercentage }} of its requests with errors",
            ),
            alert(
              "ErrorBudgetBurnsSlowly",
              burns(1, "3d", "6h"),
              "0m",
              "ticket",
              "{{ $labels.proxy }} will miss its availability objective at this rate",
            ),
            alert(
              "ServiceHasNoCopy",
              'haproxy_backend_active_servers{job="gateway",proxy!~"stats|none"} == 0',
              "1m",
              "page",
              "{{ $labels.proxy }} has no healthy copy behind the gateway",
            ),
            alert(
              "ReleaseTakenBack",
              'sum by (service, cause) (increase(headgate_releases_total{outcome="rolledBack"}[15m])) > 0',
              "0m",
              "ticket",
              "A release of {{ $labels.service }} was taken back ({{ $labels.cause }})",
            ),
          ],
        },
        {
          name: "headgate-host",
          rules: [
            alert(
              "PlatformDown",
              'up{job!="services"} == 0',
              "1m",
              "page",
              "The {{ $labels.job }} of the host does not answer",
            ),
            alert(
              "GuardStandsStill",
              "time() - headgate_guard_last_tick_timestamp_seconds > 60",
              "1m",
              "page",
              "The guard decides nothing; releases stand still",
            ),
          ],
        },
      ],
    },
    undefined,
    2,
  );
}
