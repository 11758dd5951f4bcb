import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below what systems hand out for outgoing connections (from 32768 on Linux), so that no connection of a busy test
 * takes a port between the moment it is found free and the moment it is opened.
 */
const FIRST = 20_000;
const LAST = 32_000;
const ATTEMPTS = 1000;

/** Ports of the loopback that nobody listens on, all different. Throws when there are too few. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let attempt = 0; ports.size < count; attempt += 1) {
    if (attempt >= ATTEMPTS) throw new Error(`freePorts: found ${ports.size} of ${count} free ports.`);
    const port = randomInt(FIRST, LAST);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
