import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingHttpHeaders } from "node:http";
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
import { freePorts } from "../../testkit/free-ports";
import { Copy } from "./copy";
import { plan, registration } from "./samples";
import { until } from "./wait";

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
