import { join } from "node:path";
import Docker from "dockerode";
import type { ReleaseState, ServiceState } from "../../components/docker/guard/protocol";
import { GuardClient } from "../../components/docker/release/client";
import type { Release } from "../../components/model/release";
import { Engine, type EngineOptions, freePorts } from "../../testkit";
import { eventually } from "../eventually";

export { eventually };
export const ROOT = join(__dirname, "..", "..");
export const docker = new Docker();
/** Images of this machine for the platform; empty where official ones can be pulled. */
export const images = JSON.parse(process.env["HEADGATE_TEST_IMAGES"] ?? "{}") as Record<string, string>;

/** A canary that takes seconds, judged as in production. */
export const QUICK_CANARY: Release = {
  canary: { steps: [10, 50].map((weight) => ({ weight, hold: "4s" })) },
  analysis: {
    sequential: { minRequests: 30 },
    onUndecided: "promote",
    onNoData: "rollback",
  },
  bake: "2s",
  progressDeadline: "30s",
};

/** The library's own program (infra/) as a stack of this test, with ports of its own. */
export class TestStack implements AsyncDisposable {
  private constructor(
    readonly engine: Engine,
    readonly ports: { http: number; prometheus: number; alertmanager: number; registry: number },
  ) {}

  static async create(config: Record<string, unknown> = {}, options: Partial<EngineOptions> = {}): Promise<TestStack> {
    const [http = 0, prometheus = 0, alertmanager = 0, registry = 0] = await freePorts(4);
    const ports = { http, prometheus, alertmanager, registry };
    const all = { profile: "dev", version: "1.0.0", images, ports, release: QUICK_CANARY, ...config };
    const engine = await Engine.create({
      workDir: ROOT,
      plugins: [{ name: "docker" }],
      config: Object.fromEntries(Object.entries(all).map(([key, value]) => [key, textOf(value)])),
      ...options,
    });
    return new TestStack(engine, ports);
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}/`;
  }

  set(key: string, value: unknown): Promise<void> {
    return this.engine.setConfig(key, textOf(value));
  }

  /** Sets the version that is built, and its error rate. */
  async version(version: string, errorRate = 0): Promise<void> {
    await this.set("version", version);
    await this.set("errorRate", errorRate);
  }

  async handle(): Promise<{ prefix: string; guard: string; network: string; registry: string }> {
    return (await this.engine.outputs())["handle"] as {
      prefix: string;
      guard: string;
      network: string;
      registry: string;
    };
  }

  /** What the guard knows of the service. */
  async service(guard: string, name = "hello"): Promise<ServiceState> {
    const client = await GuardClient.open(docker, guard);
    try {
      const state = await client.service(name);
      if (state === undefined) throw new Error(`the guard ${guard} does not know ${name}`);
      return state;
    } finally {
      client.close();
    }
  }

  /** Waits until the guard's last release has ended. */
  async ended(guard: string, timeoutSeconds: number): Promise<ReleaseState> {
    return eventually(timeoutSeconds, "the release ends", async () => {
      const { release } = await this.service(guard);
      return release?.phase === "ended" ? release : undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
  }
}

/** Versions that answer, by how many of the requests each did. */
export async function versionsSeen(url: string, requests: number): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let index = 0; index < requests; index += 1) {
    const answer = await fetch(url);
    await answer.text();
    const version = `${answer.headers.get("x-version")}${answer.ok ? "" : ` ${answer.status}`}`;
    seen[version] = (seen[version] ?? 0) + 1;
  }
  return seen;
}

/** Names of everything with a label on the engine: containers, volumes, networks, and images of a repository. */
export async function leftovers(prefix: string): Promise<string[]> {
  const filters = { label: [`headgate.host=${prefix}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const volumes = await docker.listVolumes({ filters });
  const networks = await docker.listNetworks({ filters });
  const tagged = (await docker.listImages()).flatMap((image) => [
    ...(image.RepoTags ?? []),
    ...(image.RepoDigests ?? []),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names),
    ...(volumes.Volumes ?? []).map(({ Name }) => Name),
    ...networks.map(({ Name }) => Name),
    ...tagged.filter((reference) => reference.includes(`${prefix}/`)),
  ];
}

/** Containers of a service with their revisions. */
export async function copies(prefix: string, service = "hello"): Promise<string[]> {
  const filters = { label: [`headgate.host=${prefix}`, `headgate.service=${service}`] };
  const found = await docker.listContainers({ all: true, filters });
  return found.map(({ Names }) => (Names[0] ?? "").replace(`/${prefix}-${service}-`, "")).sort();
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
