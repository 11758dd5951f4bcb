import { serverWeights } from "../../release/weights";
import type { Version } from "./protocol";
import type { ServiceRecord } from "./record";
import type { DesiredServer, DesiredService } from "./world";

/** What the gateway should have for a service: the journal, read as traffic. */
export function desiredTraffic(record: ServiceRecord): DesiredService {
  return { service: record.service, registration: record.registration, servers: servers(record) };
}

function servers(record: ServiceRecord): DesiredServer[] {
  const release = record.release;
  const phase = release?.state.phase ?? "ended";
  if (release === undefined || phase === "ended" || phase === "starting" || phase === "warming") {
    return of(record.stable, 1, false);
  }
  const { candidate, previous, outcome, weight } = release.state;
  if (phase === "draining") {
    const stays = of(record.stable, 1, false);
    const stage = release.leaving?.stage;
    if (stage === "gone") return stays;
    const leaves = outcome === "promoted" ? previous : candidate;
    return [...stays, ...of(leaves, 0, outcome !== "promoted", stage === "closed")];
  }
  const weights = serverWeights(candidate.servers.length, previous?.servers.length ?? 0, weight);
  return [...of(previous, weights.old, false), ...of(candidate, weights.new, true)];
}

function of(version: Version | undefined, weight: number, candidate: boolean, closed = false): DesiredServer[] {
  return (version?.servers ?? []).map((server) => ({ ...server, weight, candidate, closed }));
}
