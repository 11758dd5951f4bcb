import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startLoad } from "./load";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function serve(handle: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** A server that speaks for itself, request by request. */
async function serveRaw(answer: (socket: Socket, index: number) => void): Promise<string> {
  let index = 0;
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => answer(socket, index++));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("startLoad", () => {
  it("counts answers by version and status, and all of them", async () => {
    let index = 0;
    const { url } = await serve((_request, response) => {
      const bad = index++ % 10 === 0;
      response.writeHead(bad ? 503 : 200, bad ? {} : { "x-version": "1.0.0" }).end("x");
    });
    const load = startLoad({ url, ratePerSecond: 200, connections: 8 });
    await wait(1500);
    const report = await load.stop();
    expect(report.sent).toBe(index);
    expect(report.byVersion).toEqual({
      none: { ok: 0, failed: Math.ceil(index / 10) },
      "1.0.0": { ok: index - Math.ceil(index / 10), failed: 0 },
    });
    expect(report.ok + report.failed).toBe(report.sent);
    expect(report.errors).toBe(0);
    expect(report.samples.reduce((sum, { sent }) => sum + sent, 0)).toBe(report.sent);
    expect(await load.stop()).toBe(report);
  });

  it("spreads requests evenly over time and over kept-alive connections", async () => {
    const arrivals: number[] = [];
    const sockets = new Set<unknown>();
    const { url } = await serve((request, response) => {
      arrivals.push(performance.now());
      sockets.add(request.socket);
      response.end();
    });
    const load = startLoad({ url, ratePerSecond: 200, connections: 10 });
    await wait(2000);
    const report = await load.stop();
    expect(report.sent / report.seconds).toBeGreaterThan(197);
    expect(report.sent / report.seconds).toBeLessThan(203);
    expect(sockets.size).toBe(10);
    // A burst would put most of a second's requests into one tenth of it; a stall of a busy machine may double one.
    const first = arrivals[0] ?? 0;
    const tenths = new Array<number>(20).fill(0);
    for (const at of arrivals) {
      const slot = Math.min(19, Math.floor((at - first) / 100));
      tenths[slot] = (tenths[slot] ?? 0) + 1;
    }
    expect(Math.max(...tenths)).toBeLessThan(60);
  });

  it("sends no less to a slow service, and counts the waiting", async () => {
    const { url } = await serve((_request, response) => setTimeout(() => response.end(), 200));
    const load = startLoad({ url, ratePerSecond: 100, connections: 10 });
    await wait(1000);
    const report = await load.stop();
    expect(report.sent).toBeGreaterThan(95);
    // Ten connections serve 50 a second, so the last request waits for about a second.
    expect(report.latency.max).toBeGreaterThan(700);
    expect(report.ok).toBe(report.sent);
  });

  it("counts as errors: an end without an answer, a reset, and an answer cut short", async () => {
    const whole = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    let asked = 0;
    const url = await serveRaw((socket, index) => {
      asked += 1;
      if (index % 20 === 5) socket.end();
      else if (index % 20 === 10) socket.resetAndDestroy();
      else if (index % 20 === 15) socket.end(whole.slice(0, -1));
      else socket.write(whole);
    });
    const load = startLoad({ url, ratePerSecond: 200, connections: 5 });
    await wait(1000);
    const report = await load.stop();
    expect(report.sent).toBe(asked);
    const lost = [5, 10, 15].reduce((sum, at) => sum + Math.floor((asked - 1 - at) / 20 + 1), 0);
    expect(report.errors).toBe(lost);
    expect(Object.values(report.errorCodes).reduce((a, b) => a + b, 0)).toBe(lost);
    expect(report.ok).toBe(asked - lost);
  });

  it("counts refused connections and answers that never come", async () => {
    const silent = await serveRaw(() => {});
    const load = startLoad({ url: silent, ratePerSecond: 20, connections: 20, timeoutSeconds: 0.2 });
    await wait(500);
    const report = await load.stop();
    expect(report.errors).toBe(report.sent);
    expect(report.errorCodes).toEqual({ ETIMEDOUT: report.sent });

    const { url, server } = await serve(() => {});
    await new Promise((resolve) => server.close(resolve));
    const refused = startLoad({ url, ratePerSecond: 50, connections: 2 });
    await wait(200);
    const second = await refused.stop();
    expect(second.sent).toBeGreaterThan(5);
    expect(second.errorCodes).toEqual({ ECONNREFUSED: second.sent });
  });

  it("says how long it was held up itself, and makes up for it", async () => {
    const { url } = await serve((_request, response) => response.end());
    const load = startLoad({ url, ratePerSecond: 100, connections: 4 });
    await wait(200);
    const until = performance.now() + 300;
    while (performance.now() < until) {
      // Nothing else runs in this program meanwhile.
    }
    await wait(200);
    const report = await load.stop();
    expect(report.lag).toBeGreaterThan(250);
    expect(report.sent / report.seconds).toBeGreaterThan(95);
  });

  it("ends by itself", async () => {
    const { url } = await serve((_request, response) => response.end());
    const load = startLoad({ url, ratePerSecond: 100, connections: 1, maxSeconds: 0.3 });
    await wait(600);
    expect((await load.stop()).sent).toBe(30);
  });

  it("refuses a rate or a number of connections that makes no sense", () => {
    const url = "http://127.0.0.1:1/";
    expect(() => startLoad({ url, ratePerSecond: 0, connections: 1 })).toThrow("ratePerSecond must be above 0 (got 0)");
    expect(() => startLoad({ url, ratePerSecond: 1, connections: 1.5 })).toThrow("(got 1.5)");
  });
});
