import { connect } from "node:net";
import type { SeenWorld } from "./world";

const ANSWER_SECONDS = 3;

/** The gateway did not answer on its socket. */
export class GatewayUnreachable extends Error {
  override name = "GatewayUnreachable";
}

/** Sends one line to a socket of HAProxy and gives back everything it answers. Throws GatewayUnreachable. */
export function ask(socketFile: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ path: socketFile, allowHalfOpen: true });
    const fail = (why: string) => reject(new GatewayUnreachable(`the gateway does not answer on its socket: ${why}`));
    socket.setTimeout(ANSWER_SECONDS * 1000, () => {
      socket.destroy();
      fail(`nothing within ${ANSWER_SECONDS} s`);
    });
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", (error) => fail(error.message));
    socket.on("end", () => resolve(Buffer.concat(chunks).toString().trim()));
    // The master's socket answers only when the question is over.
    socket.end(`${line}\n`);
  });
}

/** The mark of the configuration that a running gateway has; empty when it has none of ours. */
export async function readMark(socketFile: string): Promise<string> {
  const info = await ask(socketFile, "show info");
  return /^description: *(\S+)/im.exec(info)?.[1] ?? "";
}

/** Whether processes from before a reload still answer clients that were connected then. */
export async function hasLeftovers(masterSocket: string): Promise<boolean> {
  const processes = await ask(masterSocket, "show proc");
  return /^# old workers\n\d/m.test(processes);
}

/** Every server the gateway has now. */
export async function readWorld(socketFile: string): Promise<SeenWorld> {
  const [states, statistics] = [
    await ask(socketFile, "show servers state"),
    await ask(socketFile, "show stat -1 4 -1"),
  ];
  const sessions = new Map<string, number>();
  for (const row of rows(statistics, ",")) sessions.set(`${row["pxname"]}/${row["svname"]}`, Number(row["scur"]));
  const world: SeenWorld = {};
  for (const row of rows(states.replace(/^1\n/, ""), " ")) {
    const [service, name] = [row["be_name"] ?? "", row["srv_name"] ?? ""];
    const administrative = Number(row["srv_admin_state"]);
    world[service] ??= {};
    world[service][name] = {
      address: row["srv_addr"] ?? "-",
      port: Number(row["srv_port"]),
      weight: Number(row["srv_uweight"]),
      closed: (administrative & FORCED_MAINTENANCE) !== 0,
      up: Number(row["srv_op_state"]) !== 0,
      sessions: sessions.get(`${service}/${name}`) ?? 0,
    };
  }
  return world;
}

/** Maintenance asked for on the socket or in the file; a name that cannot be resolved has another bit. */
const FORCED_MAINTENANCE = 0x01 | 0x04;

function rows(table: string, separator: string): Record<string, string>[] {
  const [head = "", ...lines] = table.split("\n").filter((line) => line.trim() !== "");
  const names = head.replace(/^# /, "").split(separator);
  return lines.map((line) => {
    const values = line.split(separator);
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  });
}
