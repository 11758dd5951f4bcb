import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

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
