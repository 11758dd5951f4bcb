/** A row of the release dashboard: title, unit in Grafana's notation, and its queries with their legends. */
const PANELS: { title: string; unit: string; queries: { expr: string; legend: string }[] }[] = [
  {
    title: "Traffic by version",
    unit: "reqps",
    queries: [
      {
        expr: 'sum by (proxy, server) (rate(haproxy_server_http_responses_total{proxy=~"$service"}[$__rate_interval]))',
        legend: "{{proxy}} {{server}}",
      },
    ],
  },
  {
    title: "Share of server errors by version",
    unit: "percentunit",
    queries: [
      {
        expr:
          'sum by (proxy, server) (rate(haproxy_server_http_responses_total{proxy=~"$service",code="5xx"}[$__rate_interval]))' +
          ' / (sum by (proxy, server) (rate(haproxy_server_http_responses_total{proxy=~"$service"}[$__rate_interval])) > 0)',
        legend: "{{proxy}} {{server}}",
      },
    ],
  },
  {
    title: "Weight of the release under way",
    unit: "percent",
    queries: [{ expr: 'headgate_release_weight{service=~"$service"}', legend: "{{service}} revision {{revision}}" }],
  },
  {
    title: "Releases",
    unit: "short",
    queries: [{ expr: 'headgate_releases_total{service=~"$service"}', legend: "{{service}} {{outcome}} {{cause}}" }],
  },
];

/** Dashboard "release": what the guard sees of each service. */
export function releaseDashboard(): string {
  return JSON.stringify(
    {
      uid: "release",
      title: "Releases",
      timezone: "utc",
      refresh: "10s",
      time: { from: "now-1h", to: "now" },
      templating: {
        list: [
          {
            name: "service",
            type: "query",
            datasource: { type: "prometheus", uid: "prometheus" },
            query: "label_values(headgate_releases_total, service)",
            includeAll: true,
            multi: true,
            current: { text: "All", value: "$__all" },
            refresh: 2,
          },
        ],
      },
      panels: PANELS.map(({ title, unit, queries }, index) => ({
        id: index + 1,
        title,
        type: "timeseries",
        datasource: { type: "prometheus", uid: "prometheus" },
        gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 9, w: 12, h: 9 },
        fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
        targets: queries.map(({ expr, legend }, query) => ({
          refId: String.fromCharCode(65 + query),
          expr,
          legendFormat: legend,
        })),
      })),
      schemaVersion: 39,
    },
    undefined,
    2,
  );
}

/** Grafana's data source, and where it finds its dashboards. */
export function grafanaProvisioning(
  prometheusUrl: string,
  dashboardFolder: string,
): { datasources: string; dashboards: string } {
  return {
    datasources: JSON.stringify({
      apiVersion: 1,
      datasources: [
        {
          name: "Prometheus",
          uid: "prometheus",
          type: "prometheus",
          access: "proxy",
          url: prometheusUrl,
          isDefault: true,
        },
      ],
    }),
    dashboards: JSON.stringify({
      apiVersion: 1,
      providers: [{ name: "headgate", type: "file", options: { path: dashboardFolder } }],
    }),
  };
}
