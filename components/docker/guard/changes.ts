import { serverOptions } from "./gateway-config";
import type { DesiredService, SeenServer, SeenWorld } from "./world";

/**
 * Commands that bring the servers of a running gateway to what is wanted, in an order in which the version under
 * release never gets more traffic than before or after, and in which somebody always serves.
 * @param addresses IP addresses by host name; a host that is not in it has none now and is left alone.
 */
export function changes(wanted: DesiredService[], seen: SeenWorld, addresses: ReadonlyMap<string, string>): string[] {
  return wanted.flatMap((service) => serviceChanges(service, seen[service.service] ?? {}, addresses));
}

/** Stages of a change, in order. */
const STAGES = [
  "add",
  /** Versions that had nothing come back first, so that there is never nobody. */
  "revive",
  /** Of the new version, and of what is not wanted at all. */
  "candidateDown",
  "others",
  "candidateUp",
  /** Then old ones that end with nothing. */
  "silence",
  "remove",
] as const;
type Stage = (typeof STAGES)[number];

function serviceChanges(
  desired: DesiredService,
  seen: Record<string, SeenServer>,
  addresses: ReadonlyMap<string, string>,
): string[] {
  const staged: { stage: Stage; command: string }[] = [];
  for (const server of desired.servers) {
    const name = `${desired.service}/${server.name}`;
    const address = addresses.get(server.host);
    const set = (stage: Stage, what: string) => staged.push({ stage, command: `set server ${name} ${what}` });
    const now = seen[server.name];
    if (now === undefined) {
      // A server that is to take nothing any more is not brought back for that.
      if (address === undefined || server.closed) continue;
      const target = address.includes(":") ? `[${address}]:${server.port}` : `${address}:${server.port}`;
      staged.push({ stage: "add", command: `add server ${name} ${target} ${serverOptions(desired, 0)}` });
      staged.push({ stage: "add", command: `enable health ${name}` });
      // The cookie of a server made at run time is only computed by this.
      if (desired.registration.stickyCookie !== undefined) {
        staged.push({ stage: "add", command: `enable dynamic-cookie backend ${desired.service}` });
      }
    } else if (address !== undefined && (now.address !== address || now.port !== server.port)) {
      set("add", `addr ${address} port ${server.port}`);
    }
    const weight = now?.weight ?? 0;
    if (weight !== server.weight) set(stageOf(weight, server.weight, server.candidate), `weight ${server.weight}`);
    if ((now?.closed ?? true) !== server.closed) {
      set(
        server.closed ? (server.candidate ? "candidateDown" : "silence") : "add",
        `state ${server.closed ? "maint" : "ready"}`,
      );
    }
  }
  const kept = new Set(desired.servers.map((server) => server.name));
  for (const [name, now] of Object.entries(seen).filter(([name]) => !kept.has(name))) {
    const path = `${desired.service}/${name}`;
    if (!now.closed) staged.push({ stage: "candidateDown", command: `set server ${path} state maint` });
    else if (now.sessions > 0) staged.push({ stage: "remove", command: `shutdown sessions server ${path}` });
    staged.push({ stage: "remove", command: `del server ${path}` });
  }
  return staged.sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage)).map(({ command }) => command);
}

function stageOf(before: number, after: number, candidate: boolean): Stage {
  if (candidate) return after < before ? "candidateDown" : "candidateUp";
  if (after === 0) return "silence";
  return before === 0 ? "revive" : "others";
}
