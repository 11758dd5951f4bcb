/** Where the alerts of a host go; secrets are read from files. */
export interface AlertRoutes {
  slack?: { channel?: string; webhookFile: string };
  email?: { to: string; from: string; smarthost: string; username?: string; passwordFile?: string };
}

/** Configuration of Alertmanager; JSON is YAML. A page silences the ticket about the same service. */
export function alertmanagerConfiguration(routes: AlertRoutes): string {
  const { slack, email } = routes;
  return JSON.stringify(
    {
      route: {
        receiver: "people",
        group_by: ["alertname", "proxy", "service"],
        group_wait: "10s",
        group_interval: "5m",
        repeat_interval: "4h",
        routes: [{ receiver: "people", matchers: ['severity="ticket"'], repeat_interval: "24h" }],
      },
      inhibit_rules: [
        { source_matchers: ['severity="page"'], target_matchers: ['severity="ticket"'], equal: ["proxy"] },
      ],
      receivers: [
        {
          name: "people",
          ...(slack === undefined
            ? {}
            : {
                slack_configs: [
                  {
                    api_url_file: slack.webhookFile,
                    ...(slack.channel === undefined ? {} : { channel: slack.channel }),
                    send_resolved: true,
                    title: "{{ .CommonLabels.alertname }}",
                    text: "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ end }}",
                  },
                ],
              }),
          ...(email === undefined
            ? {}
            : {
                email_configs: [
                  {
                    to: email.to,
                    from: email.from,
                    smarthost: email.smarthost,
                    ...(email.username === undefined ? {} : { auth_username: email.username }),
                    ...(email.passwordFile === undefined ? {} : { auth_password_file: email.passwordFile }),
                    send_resolved: true,
                  },
                ],
              }),
        },
      ],
    },
    undefined,
    2,
  );
}
