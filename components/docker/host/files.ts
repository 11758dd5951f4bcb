import { alertmanagerConfiguration } from "../../observability/alertmanager";
import { grafanaProvisioning, releaseDashboard } from "../../observability/grafana";
import { hostAlerts, prometheusConfiguration } from "../../observability/prometheus";
import type { GuardSettings } from "../guard/protocol";
import { type HostPlan, INSIDE } from "./plan";

/** Files that hold a secret; their content comes from the arguments, never from the plan. */
export const SECRET_FILES = {
  slackWebhook: "alertmanager/config/slack-webhook",
  emailPassword: "alertmanager/config/email-password",
} as const;

/** The guard's settings. */
export const GUARD_SETTINGS = "state/settings.json";

/** Folder of the gateway's certificates. */
export const CERTIFICATE_FOLDER = "certificates";

/**
 * Configuration files by their path below /volumes, without those that hold secrets.
 * @param certificatesVersion Known only when the certificates are.
 */
export function hostFiles(plan: HostPlan, certificatesVersion = ""): Record<string, string> {
  const files: Record<string, string> = {
    [GUARD_SETTINGS]: guardSettings(plan, certificatesVersion),
    "prometheus/config/prometheus.yml": prometheusConfiguration(
      {
        gateway: `gateway:${INSIDE.gatewayMetrics}`,
        guard: `guard:${INSIDE.guard}`,
        prometheus: `127.0.0.1:${INSIDE.prometheus}`,
        alertmanager: `alertmanager:${INSIDE.alertmanager}`,
        servicesFile: "/volumes/targets/services.json",
        rulesFile: "/volumes/prometheus/config/rules.yml",
      },
      plan.scrapeIntervalSeconds,
    ),
    "prometheus/config/rules.yml": hostAlerts(),
    "alertmanager/config/alertmanager.yml": alertmanagerFile(plan),
    "registry/config.yml": registryConfiguration(),
  };
  if (plan.images.grafana !== undefined) {
    const provisioning = grafanaProvisioning(`http://prometheus:${INSIDE.prometheus}`, "/volumes/grafana/dashboards");
    files["grafana/provisioning/datasources/prometheus.yaml"] = provisioning.datasources;
    files["grafana/provisioning/dashboards/headgate.yaml"] = provisioning.dashboards;
    files["grafana/dashboards/release.json"] = releaseDashboard();
  }
  return files;
}

function guardSettings(plan: HostPlan, certificatesVersion: string): string {
  const settings: GuardSettings = {
    port: INSIDE.guard,
    prometheusUrl: `http://prometheus:${INSIDE.prometheus}`,
    scrapeIntervalSeconds: plan.scrapeIntervalSeconds,
    tickSeconds: 1,
    stateFolder: "/volumes/state",
    gatewayFolder: "/volumes/gateway",
    socketFolder: "/volumes/sockets",
    targetFolder: "/volumes/targets",
    gateway: {
      httpPort: INSIDE.http,
      ...(plan.ports.https === undefined
        ? {}
        : {
            https: {
              port: INSIDE.https,
              certificateFolder: `/volumes/${CERTIFICATE_FOLDER}`,
              redirectToPort: plan.ports.https,
              certificatesVersion,
            },
          }),
      statsPort: INSIDE.gatewayMetrics,
      stopSeconds: 30,
    },
  };
  return JSON.stringify(settings, undefined, 2);
}

function alertmanagerFile({ slack, email }: HostPlan): string {
  return alertmanagerConfiguration({
    ...(slack === undefined ? {} : { slack: { ...slack, webhookFile: `/volumes/${SECRET_FILES.slackWebhook}` } }),
    ...(email === undefined
      ? {}
      : {
          email: {
            to: email.to,
            from: email.from,
            smarthost: email.smarthost,
            ...(email.username === undefined ? {} : { username: email.username }),
            ...(email.hasPassword ? { passwordFile: `/volumes/${SECRET_FILES.emailPassword}` } : {}),
          },
        }),
  });
}

function registryConfiguration(): string {
  return JSON.stringify(
    {
      version: 0.1,
      log: { level: "warn" },
      storage: { filesystem: { rootdirectory: "/volumes/registry/data" }, delete: { enabled: true } },
      http: { addr: `:${INSIDE.registry}` },
    },
    undefined,
    2,
  );
}
