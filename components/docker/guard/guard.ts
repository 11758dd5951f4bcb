import { advance } from "./advance";
import { Gateway } from "./gateway";
import { Journal } from "./journal";
import { type Log, textOf } from "./log";
import type { GuardCondition } from "./metrics";
import { Prober } from "./prober";
import type { GuardSettings } from "./protocol";
import type { Observation, Rhythm, ServiceRecord } from "./record";
import { fetchSamples, prometheusUp } from "./samples";
import { Targets } from "./targets";
import { desiredTraffic } from "./traffic";

const BUSY_SECONDS = 0.5;

/**
 * Holds the journal in memory and turns it into traffic. Every change goes to the disk first; then a turn of the loop
 * brings the gateway to it, so that a crash between any two lines is made good by the next start.
 */
export class Guard {
  readonly token: string;
  readonly condition: GuardCondition = { gatewayUp: false, prometheusUp: false, lastTickAt: 0 };
  private readonly journal: Journal;
  private readonly gateway: Gateway;
  private readonly targets: Targets;
  private readonly records = new Map<string, ServiceRecord>();
  private readonly probers = new Map<string, { revision: number; prober: Prober }>();
  private readonly listeners = new Set<() => void>();
  private readonly rhythm: Rhythm;
  private wake: (() => void) | undefined;
  private pending = false;
  private stopping = false;

  constructor(
    readonly settings: GuardSettings,
    private readonly log: Log,
  ) {
    this.rhythm = { ...settings, stopSeconds: settings.gateway.stopSeconds };
    this.journal = new Journal(settings.stateFolder, log);
    this.token = this.journal.token();
    for (const record of this.journal.load()) this.records.set(record.service, record);
    this.gateway = new Gateway(settings, log);
    this.targets = new Targets(settings.targetFolder);
  }

  all(): ServiceRecord[] {
    return [...this.records.values()];
  }

  find(service: string): ServiceRecord | undefined {
    return this.records.get(service);
  }

  /** Keeps a new state: on the disk, then in memory, then in the world. */
  keep(record: ServiceRecord): void {
    this.store(record);
    this.poke();
  }

  forget(service: string): void {
    this.journal.remove(service);
    this.records.delete(service);
    this.poke();
  }

  /** Resolves at the next change of any record, or after a time. */
  changed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.listeners.add(done);
    });
  }

  /** Turns until stop() is called. */
  async run(): Promise<void> {
    while (!this.stopping) {
      this.pending = false;
      try {
        await this.turn();
      } catch (error) {
        // A full disk, say: nothing was decided, and the next turn tries again.
        this.log("error", "a turn failed", { reason: textOf(error) });
      }
      if (this.pending || this.stopping) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.pauseSeconds() * 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const { prober } of this.probers.values()) prober.stop();
  }

  stop(): void {
    this.stopping = true;
    this.poke();
  }

  /** Starting and leaving copies, and a gateway that is behind, are looked at more often than metrics can change. */
  private pauseSeconds(): number {
    const { view } = this.gateway;
    const behind = !view.reachable || !view.current;
    const busy =
      behind ||
      this.all().some(({ release }) => release?.state.phase === "warming" || release?.state.phase === "draining");
    return busy ? Math.min(BUSY_SECONDS, this.settings.tickSeconds) : this.settings.tickSeconds;
  }

  private async turn(): Promise<void> {
    // First what the journal says: what is observed afterwards then belongs to it.
    await this.apply();
    const active = this.all().filter(({ release }) => release !== undefined && release.state.phase !== "ended");
    this.tendProbers(active);
    const [up, ...samples] = await Promise.all([
      prometheusUp(this.settings.prometheusUrl),
      ...active.map((record) => (judged(record) ? fetchSamples(record, this.settings) : { series: [] })),
    ]);
    this.condition.prometheusUp = up;
    const now = Date.now() / 1000;
    let changed = false;
    for (const [index, record] of active.entries()) {
      // What was seen belongs to the state at the start of the turn; after a request in between the next turn looks.
      if (this.records.get(record.service) !== record) continue;
      const next = advance(record, this.observe(record, samples[index] ?? { series: [] }), now, this.rhythm);
      if (JSON.stringify(next) === JSON.stringify(record)) continue;
      this.store(next);
      changed = true;
    }
    this.condition.lastTickAt = now;
    if (changed) await this.apply();
  }

  private observe(record: ServiceRecord, samples: Observation["samples"]): Observation {
    const probes = this.probers.get(record.service)?.prober.take() ?? [];
    const { view } = this.gateway;
    if (!view.reachable) return { leftovers: false, probes, samples };
    return { gateway: view.world[record.service] ?? {}, leftovers: view.leftovers, probes, samples };
  }

  private async apply(): Promise<void> {
    this.targets.write(this.all());
    await this.gateway.converge(this.all().map(desiredTraffic));
    this.condition.gatewayUp = this.gateway.view.reachable;
  }

  private tendProbers(active: ServiceRecord[]): void {
    const warming = new Map(
      active.filter(({ release }) => release?.state.phase === "warming").map((record) => [record.service, record]),
    );
    for (const [service, { revision, prober }] of this.probers) {
      if (warming.get(service)?.release?.state.candidate.revision === revision) continue;
      prober.stop();
      this.probers.delete(service);
    }
    for (const [service, { release, registration }] of warming) {
      if (release === undefined || this.probers.has(service)) continue;
      const { revision, servers } = release.state.candidate;
      this.probers.set(service, { revision, prober: new Prober(servers, registration) });
    }
  }

  private store(record: ServiceRecord): void {
    this.journal.save(record);
    const before = this.records.get(record.service)?.release?.state;
    this.records.set(record.service, record);
    const after = record.release?.state;
    const seen = before?.candidate.revision === after?.candidate.revision ? (before?.events.at(-1)?.sequence ?? 0) : 0;
    for (const event of after?.events.filter(({ sequence }) => sequence > seen) ?? []) {
      this.log("info", event.message.trim(), {
        service: record.service,
        revision: after?.candidate.revision,
        phase: after?.phase,
        kind: event.kind,
      });
    }
    for (const listener of [...this.listeners]) listener();
  }

  private poke(): void {
    this.pending = true;
    this.wake?.();
  }
}

function judged({ release }: ServiceRecord): boolean {
  return release?.state.phase === "stepping" || release?.state.phase === "baking";
}
