import { expect, test } from "vitest";
import { alertmanagerConfiguration } from "./alertmanager";
import { grafanaProvisioning, releaseDashboard } from "./grafana";
import { hostAlerts, prometheusConfiguration } from "./prometheus";

const targets = {
  gateway: "gateway:8404",
  guard: "guard:9400",
  prometheus: "127.0.0.1:9090",
  alertmanager: "alertmanager:9093",
  servicesFile: "/targets/services.json",
  rulesFile: "/rules.yml",
};

test("Prometheus scrapes the platform and what the guard lists, as often as asked", () => {
  const configuration = JSON.parse(prometheusConfiguration(targets, 2));
  expect(configuration.global).toEqual({ scrape_interval: "2s", scrape_timeout: "2s", evaluation_interval: "5s" });
  const jobs = configuration.scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
  expect(jobs).toEqual(["gateway", "guard", "prometheus", "alertmanager", "services"]);
  expect(configuration.scrape_configs[4].file_sd_configs[0].files).toEqual(["/targets/services.json"]);
});

test("A scrape never times out later than the next one begins", () => {
  for (const seconds of [1, 10, 15, 60]) {
    const { global } = JSON.parse(prometheusConfiguration(targets, seconds));
    expect(Number.parseInt(global.scrape_timeout, 10)).toBeLessThanOrEqual(seconds);
  }
});

test("Every alert has a severity, a summary and an expression", () => {
  const rules = JSON.parse(hostAlerts()).groups.flatMap(({ rules: each }: { rules: object[] }) => each);
  expect(rules).toHaveLength(6);
  for (const rule of rules) {
    expect(rule.labels.severity).toMatch(/^(page|ticket)$/);
    expect(rule.annotations.summary).toMatch(/\{\{|guard/);
    expect(rule.expr.length).toBeGreaterThan(10);
  }
});

test("Alertmanager reads secrets from files and sends to both receivers", () => {
  const { receivers } = JSON.parse(
    alertmanagerConfiguration({
      slack: { channel: "#ops", webhookFile: "/slack" },
      email: { to: "a@b", from: "c@d", smarthost: "m:25", username: "u", passwordFile: "/password" },
    }),
  );
  expect(receivers[0].slack_configs[0]).toMatchObject({ api_url_file: "/slack", channel: "#ops" });
  expect(receivers[0].email_configs[0]).toMatchObject({ to: "a@b", auth_password_file: "/password" });
});

test("Without receivers alerts are only shown", () => {
  expect(JSON.parse(alertmanagerConfiguration({})).receivers).toEqual([{ name: "people" }]);
});

test("The dashboard asks the data source that is provisioned", () => {
  const provisioned = JSON.parse(grafanaProvisioning("http://prometheus:9090", "/dashboards").datasources);
  const dashboard = JSON.parse(releaseDashboard());
  const [source] = provisioned.datasources;
  for (const panel of dashboard.panels) expect(panel.datasource.uid).toBe(source.uid);
  expect(new Set(dashboard.panels.map(({ id }: { id: number }) => id)).size).toBe(dashboard.panels.length);
});
