import type { ReleasePlan } from "../../release/plan";
import { shareOf } from "../../release/weights";
import { advance } from "./advance";
import { abort, begin, hold, promote, takeServers } from "./machine";
import type { BeginRelease } from "./protocol";
import { newRecord, type Observation, type ServiceRecord } from "./record";
import { desiredTraffic } from "./traffic";

const rhythm = { scrapeIntervalSeconds: 1, tickSeconds: 1, stopSeconds: 20 };
/** How the gateway serves the service of these tests. */
export const registration = {
  hosts: [],
  readinessPath: "/ready",
  probeIntervalSeconds: 1,
  probeTimeoutSeconds: 1,
  healthyAfter: 2,
  unhealthyAfter: 3,
  objectives: {},
};
export const plan: ReleasePlan = {
  strategy: "canary",
  steps: [
    { weight: 10, holdSeconds: 10, gate: "auto" },
    { weight: 50, holdSeconds: 10, gate: "auto" },
  ],
  bakeSeconds: 10,
  progressDeadlineSeconds: 60,
  startTimeoutSeconds: 20,
  drainSeconds: 5,
  rule: { maxErrorRatio: 0.05, maxTimesOld: 2, minRequests: 20, consecutiveLooks: 2, windowSeconds: 10 },
  onUndecided: "wait",
  onNoData: "wait",
};

/** What one second looks like; everything well and 10 requests per second and version by default. */
export interface Second {
  probes: "good" | "bad" | "none";
  newUp: boolean;
  oldUp: boolean;
  gateway: boolean;
  data: boolean;
  /** Requests of each version, and how many of the new one's fail. */
  requests: number;
  newBad: number;
  oldBad: number;
  sessions: number;
  leftovers: boolean;
}
const fine: Second = {
  probes: "good",
  newUp: true,
  oldUp: true,
  gateway: true,
  data: true,
  requests: 10,
  newBad: 0,
  oldBad: 0,
  sessions: 0,
  leftovers: false,
};

/** A service with its guard, a clock and a Prometheus, without any of them. */
export class Play {
  now = 10_000;
  /** Counters of the old version from before the release, handed over with the first samples. */
  history: { at: number; total: number; bad: number }[] = [];
  private scraped: { at: number; new: number[]; old: number[] }[] = [];
  private readonly totals = { new: { ok: 0, bad: 0 }, old: { ok: 0, bad: 0 } };

  constructor(
    public record: ServiceRecord = newRecord("shop", registration),
    private readonly restarts = false,
  ) {}

  get state() {
    const state = this.record.release?.state;
    if (state === undefined) throw new Error("nothing was released");
    return state;
  }

  begin(key: string, overrides: Partial<ReleasePlan> = {}, retry = 1) {
    const request: BeginRelease = { key, digest: "sha256:0", plan: { ...plan, ...overrides }, retry, client: "test" };
    const { record, answer } = begin(this.record, request, this.now);
    this.keep(record);
    return answer;
  }

  servers(count = 1) {
    const { revision } = this.state.candidate;
    const servers = Array.from({ length: count }, (_, index) => ({
      name: `r${revision}-${index + 1}`,
      host: `shop-r${revision}-${index + 1}`,
      port: 80,
    }));
    this.keep(takeServers(this.record, revision, servers, this.now));
  }

  promote() {
    this.keep(promote(this.record, this.state.candidate.revision, "alice", this.now));
  }

  pause() {
    this.keep(hold(this.record, this.state.candidate.revision, "alice", this.now));
  }

  abort() {
    this.keep(abort(this.record, this.state.candidate.revision, "alice", "aborted", this.now));
  }

  pass(second: Partial<Second> = {}, seconds = 1) {
    for (let index = 0; index < seconds; index++) {
      this.now += 1;
      this.keep(advance(this.record, this.observe({ ...fine, ...second }), this.now, rhythm));
    }
    return this.state;
  }

  /** Goes on until the release is in a phase. */
  until(phase: string, second: Partial<Second> = {}, seconds = 300) {
    for (let index = 0; index < seconds && this.state.phase !== phase; index++) this.pass(second);
    if (this.state.phase !== phase) throw new Error(`${phase} was not reached: ${JSON.stringify(this.state)}`);
    return this.state;
  }

  /** A first version with all traffic. */
  static serving(restarts = false): Play {
    const play = new Play(undefined, restarts);
    play.begin("one");
    play.servers();
    play.until("ended");
    return play;
  }

  private keep(record: ServiceRecord) {
    this.record = this.restarts ? (JSON.parse(JSON.stringify(record)) as ServiceRecord) : record;
  }

  private observe(second: Second): Observation {
    const { candidate, previous, weight } = this.state;
    const wanted = new Map(desiredTraffic(this.record).servers.map((server) => [server.name, server]));
    const gateway: NonNullable<Observation["gateway"]> = {};
    for (const { name, candidate: isNew } of wanted.values()) {
      gateway[name] = { up: isNew ? second.newUp : second.oldUp, sessions: second.sessions };
    }
    const count = (version: "new" | "old", bad: number) => {
      this.totals[version].ok += second.requests - bad;
      this.totals[version].bad += bad;
    };
    if (weight > 0) count("new", Math.min(second.newBad, second.requests));
    if (weight < 100 && previous !== undefined) count("old", Math.min(second.oldBad, second.requests));
    const { new: fresh, old } = this.totals;
    const scrape = { at: this.now - 0.5, new: [fresh.ok, fresh.bad], old: [old.ok, old.bad] };
    this.scraped = [...this.scraped, scrape].slice(-7);
    const series = (["new", "old"] as const).flatMap((version) =>
      ([["total"], ["total", "bad"]] as const).map((counts, index) => ({
        key: `${version} ${counts.at(-1)} ${candidate.revision}`,
        version,
        counts,
        samples: this.scraped.map((one) => ({ at: one.at, value: one[version][index] ?? 0 })),
      })),
    );
    const past = (["total", "bad"] as const).map((counted) => ({
      key: `past ${counted}`,
      version: "old" as const,
      counts: [counted],
      samples: this.history.map((one) => ({ at: one.at, value: one[counted] })),
    }));
    this.history = [];
    return {
      ...(second.gateway ? { gateway } : {}),
      leftovers: second.leftovers,
      probes:
        second.probes === "none"
          ? []
          : candidate.servers.map(({ name }) =>
              second.probes === "good" ? { server: name } : { server: name, failure: "answered 503 to GET /ready" },
            ),
      samples: second.data
        ? { series: [...series, ...past], sampledAt: this.now - 0.5 }
        : { series: [], problem: "Prometheus cannot be asked: refused" },
    };
  }
}

/** Percent of the traffic that the journal gives to the candidate. */
export function candidateShare(record: ServiceRecord): number {
  const { servers } = desiredTraffic(record);
  const open = servers.filter(({ closed }) => !closed);
  const fresh = open.filter(({ candidate }) => candidate);
  const old = open.filter(({ candidate }) => !candidate);
  return shareOf(fresh.length, old.length, { new: fresh[0]?.weight ?? 0, old: old[0]?.weight ?? 0 });
}
