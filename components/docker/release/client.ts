import { Agent, type IncomingMessage, request } from "node:http";
import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import type {
  BeginAnswer,
  BeginRelease,
  ReleaseState,
  ServerAddress,
  ServiceRegistration,
  ServiceState,
} from "../guard/protocol";
import { statusOf } from "./engine";
import { PipeSocket } from "./pipe-socket";

/** Where the guard keeps its token inside its container; the path is fixed by the setup of the host. */
const GUARD_TOKEN_FILE = "/volumes/state/token";
const GUARD_PIPE = ["node", "/guard/guard.js", "pipe", "/volumes/state/settings.json"];
/** How long a guard that restarts is waited for. */
const PATIENCE_SECONDS = 60;
/** How long one that somebody stopped is waited for, at the first call. */
const STOPPED_PATIENCE_SECONDS = 10;
/** Longest wait for one answer; long polls stay below it. */
const REQUEST_TIMEOUT_SECONDS = 45;

/** An answer of the guard that says no. */
export class GuardRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "GuardRefusal";
  }
}

/** The guard of a host cannot be reached. */
export class GuardUnreachable extends Error {
  constructor(container: string, cause: string) {
    super(`the guard "${container}" cannot be reached (got ${cause}). Start the container or run \`pulumi up\` again`);
    this.name = "GuardUnreachable";
  }
}

/**
 * Speaks with the guard of a host. The API is not published: every connection is an exec in the guard's container,
 * so it works wherever the Docker Engine can be reached, over ssh too.
 */
export class GuardClient {
  private agent: ExecAgent;

  private constructor(
    private readonly docker: Docker,
    private readonly container: string,
    private readonly tokenOverride: string | undefined,
    private token: string,
  ) {
    this.agent = new ExecAgent(docker, container);
  }

  /** Opens the way to a guard. Throws GuardUnreachable. */
  static async open(docker: Docker, container: string, token?: string): Promise<GuardClient> {
    const started = Date.now();
    for (;;) {
      try {
        const { State } = await docker.getContainer(container).inspect();
        if (!State.Running && !State.Restarting && Date.now() >= started + STOPPED_PATIENCE_SECONDS * 1000) {
          throw new GuardUnreachable(container, `a container that is ${State.Status}`);
        }
        if (!State.Running) throw new Error(`a container that is ${State.Status}`);
        return new GuardClient(docker, container, token, token ?? (await readToken(docker, container)));
      } catch (error) {
        if (error instanceof GuardUnreachable) throw error;
        if (Date.now() >= started + PATIENCE_SECONDS * 1000 || statusOf(error) === 404) {
          throw new GuardUnreachable(container, messageOf(error));
        }
        await sleep(500);
      }
    }
  }

  /** A value only this host's guard knows: salt for fingerprints of secrets. */
  get salt(): string {
    return this.token;
  }

  register(service: string, registration: ServiceRegistration): Promise<ServiceState> {
    return this.call("PUT", `/v1/services/${service}`, registration);
  }

  async service(service: string): Promise<ServiceState | undefined> {
    try {
      return await this.call<ServiceState>("GET", `/v1/services/${service}`);
    } catch (error) {
      if (error instanceof GuardRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  async remove(service: string): Promise<void> {
    try {
      await this.call("DELETE", `/v1/services/${service}`);
    } catch (error) {
      if (!(error instanceof GuardRefusal && error.status === 404)) throw error;
    }
  }

  begin(service: string, begin: BeginRelease): Promise<BeginAnswer> {
    return this.call("POST", `/v1/services/${service}/releases`, begin);
  }

  servers(service: string, revision: number, servers: ServerAddress[]): Promise<unknown> {
    return this.call("PUT", `/v1/services/${service}/releases/${revision}/servers`, { servers });
  }

  abort(
    service: string,
    revision: number,
    reason: string,
    cause: "aborted" | "unhealthy" | "abandoned",
  ): Promise<unknown> {
    return this.call("POST", `/v1/services/${service}/releases/${revision}/abort`, { by: reason, cause });
  }

  promote(service: string, revision: number, by: string): Promise<unknown> {
    return this.call("POST", `/v1/services/${service}/releases/${revision}/promote`, { by });
  }

  pause(service: string, revision: number, by: string): Promise<unknown> {
    return this.call("POST", `/v1/services/${service}/releases/${revision}/pause`, { by });
  }

  /** The release, at once when it has events after the given one, else after the given wait. */
  release(service: string, revision: number, after: number, waitSeconds: number): Promise<ReleaseState> {
    return this.call("GET", `/v1/services/${service}/releases/${revision}?after=${after}&waitSeconds=${waitSeconds}`);
  }

  close(): void {
    this.agent.destroy();
  }

  /** Repeats what failed on the way (every call is idempotent) until the patience ends; a refusal is final. */
  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    for (;;) {
      try {
        return (await this.once(method, path, body)) as T;
      } catch (error) {
        if (error instanceof GuardRefusal) throw error;
        if (Date.now() >= deadline) throw new GuardUnreachable(this.container, messageOf(error));
        await sleep(500);
        this.agent.destroy();
        this.agent = new ExecAgent(this.docker, this.container);
        if (this.tokenOverride === undefined) {
          this.token = await readToken(this.docker, this.container).catch(() => this.token);
        }
      }
    }
  }

  private once(method: string, path: string, body: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = request(
        {
          agent: this.agent,
          host: "guard",
          method,
          path,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(payload === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
          },
        },
        (answer) => readAnswer(answer, this.container).then(resolve, reject),
      );
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_SECONDS} s`)),
        REQUEST_TIMEOUT_SECONDS * 1000,
      );
      outgoing.on("close", () => clearTimeout(timer));
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }
}

async function readAnswer(answer: IncomingMessage, container: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const parsed: unknown = text === "" ? undefined : JSON.parse(text);
  const status = answer.statusCode ?? 0;
  if (status < 400) return parsed;
  if (status === 401) {
    throw new GuardRefusal(401, `the guard "${container}" refuses the credentials. Its token is in its state volume`);
  }
  const said = typeof parsed === "object" && parsed !== null && "error" in parsed ? String(parsed.error) : text;
  if (status >= 500) throw new Error(said);
  throw new GuardRefusal(status, said);
}

/** Opens each connection as a process in the guard's container that pipes to the API on its loopback. */
class ExecAgent extends Agent {
  constructor(
    private readonly docker: Docker,
    private readonly container: string,
  ) {
    super({ keepAlive: true, maxSockets: 1 });
  }

  override createConnection(_options: unknown, done?: (error: Error | null, socket: PipeSocket) => void): undefined {
    if (done === undefined) throw new Error("a callback is needed");
    this.connect().then(
      (socket) => done(null, socket),
      (error) => (done as (error: Error) => void)(error instanceof Error ? error : new Error(String(error))),
    );
    return undefined;
  }

  private async connect(): Promise<PipeSocket> {
    const exec = await this.docker.getContainer(this.container).exec({
      Cmd: GUARD_PIPE,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    const output = new PassThrough();
    const complaints = new PassThrough();
    complaints.resume();
    this.docker.modem.demuxStream(stream, output, complaints);
    stream.on("end", () => output.end());
    stream.on("error", (error) => output.destroy(error));
    return new PipeSocket(output, stream, () => stream.destroy());
  }
}

async function readToken(docker: Docker, container: string): Promise<string> {
  const archive = await docker.getContainer(container).getArchive({ path: GUARD_TOKEN_FILE });
  return new Promise((resolve, reject) => {
    const unpack = extract();
    let text = "";
    unpack.on("entry", (_header, content, next) => {
      content.on("data", (chunk) => {
        text += String(chunk);
      });
      content.on("end", next);
    });
    unpack.on("finish", () => resolve(text.trim()));
    unpack.on("error", reject);
    archive.on("error", reject);
    archive.pipe(unpack);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
