import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { alertmanagerConfiguration } from "../../components/observability/alertmanager";
import { hostAlerts, prometheusConfiguration } from "../../components/observability/prometheus";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "headgate-alerts-"));
const rulesFile = join(folder, "rules.yml");
writeFileSync(rulesFile, hostAlerts());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Requests per minute of one copy of "shop", of which some fail. */
function traffic(failing: number): object[] {
  const series = (code: string, rate: number) => ({
    series: `haproxy_server_http_responses_total{job="gateway",proxy="shop",server="r1-1",code="${code}"}`,
    values: `0+${rate}x400`,
  });
  const objective = { series: 'headgate_objective_availability_ratio{service="shop"}', values: "0.999x400" };
  return [series("5xx", failing), series("2xx", 600 - failing), objective];
}

/** Whether Prometheus itself says that these alerts fire, and only these. */
async function fires(alertname: string, at: string, input: object[], alerts: object[]): Promise<void> {
  const file = join(folder, `${alertname}.test.yml`);
  const tests = [
    {
      interval: "1m",
      input_series: input,
      alert_rule_test: [{ eval_time: at, alertname, exp_alerts: alerts }],
    },
  ];
  writeFileSync(file, JSON.stringify({ rule_files: [rulesFile], evaluation_interval: "1m", tests }));
  await run("promtool", ["test", "rules", file]);
}

test("Prometheus accepts the rules and the configuration", async () => {
  const { stdout } = await run("promtool", ["check", "rules", rulesFile]);
  expect(stdout).toContain("6 rules found");
  const targets = {
    gateway: "g:1",
    guard: "g:2",
    prometheus: "p:1",
    alertmanager: "a:1",
    servicesFile: "/s/services.json",
    rulesFile,
  };
  const configuration = join(folder, "prometheus.yml");
  writeFileSync(configuration, prometheusConfiguration(targets, 15));
  expect((await run("promtool", ["check", "config", configuration])).stdout).toContain("SUCCESS");
  expect(() => JSON.parse(alertmanagerConfiguration({}))).not.toThrow();
});

test("Two percent of errors burn a budget of 0.1 percent fast; a tenth of a percent does not", async () => {
  const labels = { severity: "page", proxy: "shop" };
  const summary = "shop answers 2% of its requests with errors";
  const alert = { exp_labels: labels, exp_annotations: { summary } };
  await fires("ErrorBudgetBurnsFast", "70m", traffic(12), [alert]);
  await fires("ErrorBudgetBurnsFast", "70m", traffic(0.6), []);
  // The check can fail: it does not find what does not fire.
  await expect(fires("ErrorBudgetBurnsFast", "70m", traffic(0.6), [alert])).rejects.toThrow();
});

test("A release that was taken back opens a ticket", async () => {
  const counter = (values: string) => [
    { series: 'headgate_releases_total{service="shop",outcome="rolledBack",cause="analysis"}', values },
  ];
  const alert = {
    exp_labels: { severity: "ticket", service: "shop", cause: "analysis" },
    exp_annotations: { summary: "A release of shop was taken back (analysis)" },
  };
  await fires("ReleaseTakenBack", "12m", counter("0x5 1x20"), [alert]);
  await fires("ReleaseTakenBack", "12m", counter("3x40"), []);
});

test("A platform container that does not answer pages after a minute", async () => {
  const up = (values: string) => [{ series: 'up{job="guard",instance="guard:9400"}', values }];
  const alert = {
    exp_labels: { severity: "page", job: "guard", instance: "guard:9400" },
    exp_annotations: { summary: "The guard of the host does not answer" },
  };
  await fires("PlatformDown", "10m", up("1x5 0x10"), [alert]);
  await fires("PlatformDown", "10m", up("1x20"), []);
});
