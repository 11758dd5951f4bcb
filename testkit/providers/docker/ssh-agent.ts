import { spawn } from "node:child_process";
import { Agent, type ClientRequestArgs } from "node:http";
import { Duplex } from "node:stream";

/**
 * Carries Docker calls over the system's ssh client, with its configuration, keys and known hosts: the far end runs
 * `docker system dial-stdio`.
 */
export class SshAgent extends Agent {
  constructor(
    private readonly url: URL,
    private readonly options: string[],
  ) {
    super({ keepAlive: true, maxSockets: 4 });
  }

  override createConnection(_: ClientRequestArgs): Duplex {
    const { username, hostname, port } = this.url;
    const target = username === "" ? hostname : `${decodeURIComponent(username)}@${hostname}`;
    const args = [...this.options, ...(port === "" ? [] : ["-p", port]), "--", target, "docker system dial-stdio"];
    const child = spawn("ssh", args, { stdio: ["pipe", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    const connection = Object.assign(Duplex.from({ writable: child.stdin, readable: child.stdout }), {
      // What http asks of a socket and a pipe has no need for.
      setKeepAlive: () => {},
      setNoDelay: () => {},
      setTimeout: () => {},
      ref: () => child.ref(),
      unref: () => child.unref(),
    });
    child.on("error", (error) => connection.destroy(new Error(`cannot start ssh: ${error.message}`)));
    child.on("exit", (code) => {
      if (code !== 0) connection.destroy(new Error(`ssh ${target} ended (${complaint.trim() || `exit code ${code}`})`));
    });
    connection.on("close", () => child.kill());
    return connection;
  }
}
