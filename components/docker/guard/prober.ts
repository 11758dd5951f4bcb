import { get } from "node:http";
import { textOf } from "./log";
import type { ServerAddress, ServiceRegistration } from "./protocol";
import type { ProbeResult } from "./record";

/** Asks the copies of a new version for their readiness, each in its own rhythm, until it is stopped. */
export class Prober {
  private results: ProbeResult[] = [];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  constructor(
    servers: ServerAddress[],
    private readonly registration: ServiceRegistration,
  ) {
    for (const server of servers) this.round(server);
  }

  /** Results since the last call. */
  take(): ProbeResult[] {
    return this.results.splice(0);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private async round(server: ServerAddress): Promise<void> {
    const started = Date.now();
    const failure = await probe(server, this.registration);
    if (this.stopped) return;
    this.results.push({ server: server.name, ...(failure === undefined ? {} : { failure }) });
    const pause = Math.max(0, this.registration.probeIntervalSeconds * 1000 - (Date.now() - started));
    this.timers.set(
      server.name,
      setTimeout(() => this.round(server), pause),
    );
  }
}

/** What is wrong with a copy; undefined when any status from 200 to 399 answers in time. */
function probe(server: ServerAddress, registration: ServiceRegistration): Promise<string | undefined> {
  const { readinessPath, probeTimeoutSeconds } = registration;
  return new Promise((resolve) => {
    const host = registration.hosts[0] ?? server.host;
    const request = get(
      { host: server.host, port: server.port, path: readinessPath, agent: false, headers: { host } },
      (answer) => {
        answer.resume();
        const status = answer.statusCode ?? 0;
        resolve(status >= 200 && status < 400 ? undefined : `answered ${status} to GET ${readinessPath}`);
      },
    );
    const timer = setTimeout(() => {
      resolve(`did not answer GET ${readinessPath} within ${probeTimeoutSeconds} s`);
      request.destroy();
    }, probeTimeoutSeconds * 1000);
    request.on("close", () => clearTimeout(timer));
    request.on("error", (error) => resolve(`could not be asked for GET ${readinessPath}: ${textOf(error)}`));
  });
}
