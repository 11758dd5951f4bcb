import type { Phase } from "../../release/progress";
import type { ServiceRecord } from "./record";

const PHASES: Phase[] = ["starting", "warming", "stepping", "baking", "draining", "ended"];
const OUTCOMES = [
  "promoted/promoted",
  "rolledBack/analysis",
  "rolledBack/unhealthy",
  "rolledBack/noData",
  "rolledBack/undecided",
  "rolledBack/aborted",
  "rolledBack/abandoned",
];

/** The guard's own condition. */
export interface GuardCondition {
  gatewayUp: boolean;
  prometheusUp: boolean;
  /** Seconds since 1970; 0: none yet. */
  lastTickAt: number;
}

/** The guard's metrics in Prometheus' text format. */
export function renderMetrics(records: ServiceRecord[], condition: GuardCondition): string {
  const families = [
    family("headgate_guard_gateway_up", "gauge", "1 when the gateway answers.", [[{}, Number(condition.gatewayUp)]]),
    family("headgate_guard_prometheus_up", "gauge", "1 when Prometheus answers.", [
      [{}, Number(condition.prometheusUp)],
    ]),
    family("headgate_guard_last_tick_timestamp_seconds", "gauge", "Time of the last look.", [
      [{}, condition.lastTickAt],
    ]),
    family(
      "headgate_release_weight",
      "gauge",
      "Percent of the traffic of a version.",
      records.flatMap(({ service, stable, release }) => {
        const running = release !== undefined && release.state.phase !== "ended" ? release.state : undefined;
        const old = running?.previous ?? stable;
        const rest = running === undefined ? 100 : 100 - running.weight;
        return [
          ...(old === undefined ? [] : [sample({ service, revision: `${old.revision}` }, rest)]),
          ...(running === undefined
            ? []
            : [sample({ service, revision: `${running.candidate.revision}` }, running.weight)]),
        ];
      }),
    ),
    family(
      "headgate_release_phase",
      "gauge",
      "1 for the phase of the release under way, or of the last one.",
      records.flatMap(({ service, release }) =>
        PHASES.map((phase) => sample({ service, phase }, Number(release?.state.phase === phase))),
      ),
    ),
    family(
      "headgate_releases_total",
      "counter",
      "Releases that ended.",
      records.flatMap(({ service, ended }) =>
        OUTCOMES.map((kind) => {
          const [outcome = "", cause = ""] = kind.split("/");
          return sample({ service, outcome, cause }, ended[kind] ?? 0);
        }),
      ),
    ),
    family(
      "headgate_objective_availability_ratio",
      "gauge",
      "Share of requests that must be answered without a server error.",
      records.flatMap(({ service, registration: { objectives } }) =>
        objectives.availability === undefined ? [] : [sample({ service }, objectives.availability)],
      ),
    ),
  ];
  return families.join("");
}

type Sample = [labels: Record<string, string>, value: number];

function sample(labels: Record<string, string>, value: number): Sample {
  return [labels, value];
}

/** Label values here are names and numbers that need no escaping. */
function family(name: string, type: string, help: string, samples: Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const inside = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return `${name}${inside.length === 0 ? "" : `{${inside.join(",")}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}
