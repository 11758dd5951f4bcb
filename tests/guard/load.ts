import { Agent, request } from "node:http";
import { sleep } from "./wait";

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
