import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, get, type IncomingHttpHeaders, request, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type {
  BeginAnswer,
  BeginRelease,
  GuardSettings,
  ReleaseState,
  ServerAddress,
  ServiceRegistration,
  ServiceState,
} from "../../components/docker/guard/protocol";
import { ask, readWorld } from "../../components/docker/guard/runtime-socket";
import type { ReleasePlan } from "../../components/release/plan";

/** A plan with short times: one step, no bake. Overrides replace whole fields. */
export function plan(overrides: Partial<ReleasePlan> = {}): ReleasePlan {
  return {
    strategy: "canary",
    steps: [{ weight: 50, holdSeconds: 3, gate: "auto" }],
    bakeSeconds: 0,
    progressDeadlineSeconds: 20,
    startTimeoutSeconds: 5,
    drainSeconds: 2,
    rule: { maxErrorRatio: 0.05, maxTimesOld: 2, minRequests: 20, consecutiveLooks: 2, windowSeconds: 10 },
    onUndecided: "wait",
    onNoData: "wait",
    ...overrides,
  };
}

export function registration(overrides: Partial<ServiceRegistration> = {}): ServiceRegistration {
  return {
    hosts: [],
    readinessPath: "/ready",
    probeIntervalSeconds: 0.2,
    probeTimeoutSeconds: 0.5,
    healthyAfter: 2,
    unhealthyAfter: 2,
    objectives: { availability: 0.999 },
    ...overrides,
  };
}

/** Durations above this count as slow in a copy's own metrics. */
export const SLOW_MILLISECONDS = 50;

/** A copy of a service on the loopback; its answers can be changed while it runs. */
export class Copy {
  ready = 200;
  /** Share of requests answered with 500. */
  failing = 0;
  /** Every second request is left without an answer. */
  tearing = false;
  delayMilliseconds = 0;
  served = 0;
  onRequest: ((headers: IncomingHttpHeaders) => void) | undefined;
  private failures = 0;
  private slow = 0;
  private server: Server | undefined;

  constructor(
    readonly name: string,
    readonly host = "127.0.0.1",
    public port = 0,
  ) {}

  async start(): Promise<this> {
    this.server = createServer((incoming, response) => {
      if (incoming.url === "/ready") {
        response.statusCode = this.ready;
        response.end();
        return;
      }
      if (incoming.url === "/metrics") {
        response.end(this.histogram());
        return;
      }
      this.served += 1;
      this.onRequest?.(incoming.headers);
      if (this.tearing && this.served % 2 === 0) {
        incoming.socket.destroy();
        return;
      }
      this.failures += this.failing;
      if (this.failures >= 1) {
        this.failures -= 1;
        response.statusCode = 500;
      }
      if (this.delayMilliseconds > SLOW_MILLISECONDS) this.slow += 1;
      response.setHeader("x-copy", this.name);
      setTimeout(() => response.end(this.name), this.delayMilliseconds);
    });
    const server = this.server;
    await new Promise<void>((done) => server.listen(this.port, this.host, done));
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Durations with one bucket, as a client library shows them. */
  private histogram(): string {
    const name = "http_request_duration_seconds";
    return [
      `# TYPE ${name} histogram`,
      `${name}_bucket{le="${SLOW_MILLISECONDS / 1000}"} ${this.served - this.slow}`,
      `${name}_bucket{le="+Inf"} ${this.served}`,
      `${name}_sum 0`,
      `${name}_count ${this.served}`,
      "",
    ].join("\n");
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  }
}

/** A gateway, a Prometheus and a guard of their own in a temporary folder. */
export class Rig {
  readonly url: string;
  private readonly copies: Copy[] = [];
  private readonly processes = new Map<string, { child: ChildProcess; output: string[] }>();
  private readonly settingsFile: string;
  private readonly program: string;

  private constructor(
    readonly settings: GuardSettings,
    readonly prometheusPort: number,
    readonly folder: string,
  ) {
    this.settingsFile = join(folder, "settings.json");
    this.program = join(folder, "guard.js");
    this.url = `http://127.0.0.1:${settings.gateway.httpPort}`;
  }

  static async create(options: { https?: NonNullable<GuardSettings["gateway"]["https"]> } = {}) {
    const folder = mkdtempSync(join(tmpdir(), "headgate-guard-"));
    const [port, httpPort, statsPort, prometheusPort] = await freePorts(4);
    for (const name of ["state", "gateway", "sockets", "targets", "prometheus"]) mkdirSync(join(folder, name));
    const settings: GuardSettings = {
      port: port as number,
      address: "127.0.0.1",
      prometheusUrl: `http://127.0.0.1:${prometheusPort}`,
      scrapeIntervalSeconds: 1,
      tickSeconds: 0.5,
      stateFolder: join(folder, "state"),
      gatewayFolder: join(folder, "gateway"),
      socketFolder: join(folder, "sockets"),
      targetFolder: join(folder, "targets"),
      gateway: {
        address: "127.0.0.1",
        httpPort: httpPort as number,
        statsPort: statsPort as number,
        stopSeconds: 5,
        ...(options.https === undefined ? {} : { https: options.https }),
      },
    };
    const rig = new Rig(settings, prometheusPort as number, folder);
    writeFileSync(rig.settingsFile, JSON.stringify(settings));
    await build({
      entryPoints: [join(__dirname, "../../components/docker/guard/main.ts")],
      bundle: true,
      platform: "node",
      target: "node24",
      format: "cjs",
      outfile: rig.program,
      logLevel: "error",
    });
    return rig;
  }

  /** Everything, up and answering. */
  async start(): Promise<this> {
    this.startGuard();
    await until(() => existsSync(join(this.settings.gatewayFolder, "haproxy.cfg")), "the gateway's file");
    this.startGateway();
    this.startPrometheus();
    await until(() => this.api("GET", "/v1/services").then(({ status }) => status === 200), "the guard");
    await until(async () => /^headgate_guard_gateway_up 1/m.test(await this.metrics()), "the gateway");
    await until(async () => /^headgate_guard_prometheus_up 1/m.test(await this.metrics()), "Prometheus");
    return this;
  }

  startGuard(): void {
    this.spawn("guard", process.execPath, [this.program, "serve", this.settingsFile]);
  }

  startGateway(): void {
    const { gatewayFolder, socketFolder } = this.settings;
    const master = `${socketFolder}/master.sock,mode,660`;
    this.spawn("gateway", "haproxy", ["-W", "-db", "-S", master, "-f", `${gatewayFolder}/haproxy.cfg`]);
  }

  startPrometheus(): void {
    const { scrapeIntervalSeconds: interval, targetFolder, gateway } = this.settings;
    const file = join(this.folder, "prometheus.yml");
    writeFileSync(
      file,
      `global: { scrape_interval: ${interval}s, scrape_timeout: ${interval}s }
scrape_configs:
  - job_name: gateway
    static_configs: [{ targets: ["127.0.0.1:${gateway.statsPort}"] }]
  - job_name: services
    file_sd_configs: [{ files: ["${targetFolder}/services.json"], refresh_interval: 1s }]
`,
    );
    this.spawn("prometheus", "prometheus", [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(this.folder, "prometheus")}`,
      `--web.listen-address=127.0.0.1:${this.prometheusPort}`,
      "--log.level=error",
    ]);
  }

  /** Ends a process this rig started. */
  async kill(name: "guard" | "gateway" | "prometheus", signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const child = this.processes.get(name)?.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((done) => child.once("exit", done));
    // The gateway's master would leave its worker behind: the whole group goes.
    if (name === "gateway" && child.pid !== undefined) process.kill(-child.pid, signal);
    else child.kill(signal);
    return ended;
  }

  output(name: string): string {
    return this.processes.get(name)?.output.join("") ?? "";
  }

  async copy(name: string, settings: Partial<Copy> = {}, host?: string, port?: number): Promise<Copy> {
    const copy = Object.assign(new Copy(name, host, port), settings);
    this.copies.push(copy);
    return copy.start();
  }

  get token(): string {
    return readFileSync(join(this.settings.stateFolder, "token"), "utf8").trim();
  }

  async api(
    method: string,
    path: string,
    body?: unknown,
    token = this.token,
  ): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`http://127.0.0.1:${this.settings.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  }

  private async ok<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.api(method, path, body);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.settings.port}/metrics`)).text();
  }

  register(service: string, overrides: Partial<ServiceRegistration> = {}): Promise<ServiceState> {
    return this.ok("PUT", `/v1/services/${service}`, registration(overrides));
  }

  service(service: string): Promise<ServiceState> {
    return this.ok("GET", `/v1/services/${service}`);
  }

  begin(service: string, key: string, overrides: Partial<ReleasePlan> = {}, rest: Partial<BeginRelease> = {}) {
    return this.ok<BeginAnswer>("POST", `/v1/services/${service}/releases`, {
      key,
      digest: `sha256:${"0".repeat(64)}`,
      plan: plan(overrides),
      retry: 1,
      client: "test",
      ...rest,
    });
  }

  servers(service: string, revision: number, copies: Copy[]): Promise<ReleaseState> {
    const servers: ServerAddress[] = copies.map(({ host, port }, index) => ({
      name: `r${revision}-${index + 1}`,
      host,
      port,
    }));
    return this.ok("PUT", `/v1/services/${service}/releases/${revision}/servers`, { servers });
  }

  remove(service: string): Promise<unknown> {
    return this.ok("DELETE", `/v1/services/${service}`);
  }

  gatewayFile(): string {
    return readFileSync(join(this.settings.gatewayFolder, "haproxy.cfg"), "utf8");
  }

  /** One command on the gateway's runtime socket. */
  runtime(command: string): Promise<string> {
    return ask(join(this.settings.socketFolder, "runtime.sock"), command);
  }

  /** Names of a service's servers in the running gateway. */
  async world(service: string): Promise<string[]> {
    const world = await readWorld(join(this.settings.socketFolder, "runtime.sock"));
    return Object.keys(world[service] ?? {}).sort();
  }

  say(service: string, revision: number, word: "abort" | "promote", by: string): Promise<ReleaseState> {
    return this.ok("POST", `/v1/services/${service}/releases/${revision}/${word}`, { by });
  }

  release(service: string, revision: number): Promise<ReleaseState> {
    return this.ok("GET", `/v1/services/${service}/releases/${revision}`);
  }

  /** Begins a release and hands over its servers. */
  async launch(service: string, key: string, copies: Copy[], overrides: Partial<ReleasePlan> = {}): Promise<number> {
    const answer = await this.begin(service, key, overrides);
    if (answer.outcome !== "begun") throw new Error(`not begun: ${JSON.stringify(answer)}`);
    await this.servers(service, answer.revision, copies);
    return answer.revision;
  }

  async ended(service: string, revision: number, seconds = 30): Promise<ReleaseState> {
    return this.reached(service, revision, (state) => state.phase === "ended", "the end of the release", seconds);
  }

  async reached(
    service: string,
    revision: number,
    wanted: (state: ReleaseState) => boolean,
    what: string,
    seconds = 20,
  ): Promise<ReleaseState> {
    let state = await this.release(service, revision);
    await until(
      async () => {
        state = await this.release(service, revision).catch(() => state);
        return wanted(state);
      },
      () => `${what}; it is ${JSON.stringify(state)}`,
      seconds,
    );
    return state;
  }

  /** One request for a host; the copy that answered, or the status when none did. */
  ask(
    host = "shop.example",
    cookie = "",
    more: Record<string, string> = {},
  ): Promise<{ from: string; status: number; headers: IncomingHttpHeaders }> {
    return new Promise((resolve, reject) => {
      const { httpPort } = this.settings.gateway;
      get(
        { port: httpPort, host: "127.0.0.1", headers: { ...more, host, ...(cookie === "" ? {} : { cookie }) } },
        (answer) => {
          const { statusCode: status = 0, headers } = answer;
          answer.resume();
          answer.on("end", () => resolve({ from: String(headers["x-copy"] ?? status), status, headers }));
          answer.on("error", reject);
        },
      ).on("error", reject);
    });
  }

  /** Answers of one request after another, counted by copy. */
  async shares(requests: number, host?: string): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    for (let index = 0; index < requests; index++) {
      const { from } = await this.ask(host);
      seen[from] = (seen[from] ?? 0) + 1;
    }
    return seen;
  }

  async close(): Promise<void> {
    for (const name of ["guard", "gateway", "prometheus"] as const) await this.kill(name);
    for (const copy of this.copies) await copy.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A command of the guard's own program with this rig's settings. */
  command(name: string): ChildProcess {
    return spawn(process.execPath, [this.program, name, this.settingsFile], { stdio: ["pipe", "pipe", "pipe"] });
  }

  private spawn(name: string, command: string, args: string[]): void {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: name === "gateway" });
    const output = this.processes.get(name)?.output ?? [];
    child.on("error", (error) => output.push(String(error)));
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    this.processes.set(name, { child, output });
  }
}

/** Requests at a steady pace until it is stopped. */
export class Load {
  ok = 0;
  readonly failures: string[] = [];
  private readonly workers: Promise<void>[];
  private running = true;

  constructor(url: string, perSecond: number, method = "GET", host?: string) {
    const lanes = 4;
    const headers: Record<string, string> = host === undefined ? {} : { host };
    const agent = new Agent({ keepAlive: true });
    const ask = () =>
      new Promise<number>((resolve, reject) => {
        const outgoing = request(url, { method, headers, agent }, (answer) => {
          answer.resume();
          answer.on("end", () => resolve(answer.statusCode ?? 0));
          answer.on("error", reject);
        });
        outgoing.on("error", reject);
        outgoing.end(method === "POST" ? "x" : undefined);
      });
    this.workers = Array.from({ length: lanes }, () => this.lane(ask, (1000 * lanes) / perSecond));
    Promise.all(this.workers).then(() => agent.destroy());
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.workers);
  }

  private async lane(ask: () => Promise<number>, pause: number): Promise<void> {
    while (this.running) {
      const started = performance.now();
      try {
        const status = await ask();
        if (status < 400) this.ok += 1;
        else this.failures.push(String(status));
      } catch (error) {
        this.failures.push(String(error));
      }
      await sleep(Math.max(0, pause - (performance.now() - started)));
    }
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}

/** Waits for a condition; an error in it counts as not yet. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string | (() => string),
  seconds = 15,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      if (await condition()) return;
    } catch {
      // Not yet.
    }
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${typeof what === "string" ? what : what()}`);
    await sleep(50);
  }
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createTcpServer();
      return new Promise<typeof server>((done) => server.listen(0, "127.0.0.1", () => done(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
