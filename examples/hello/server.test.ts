import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get, type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function start(env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(__dirname, "server.js")], {
    env: { ...process.env, PORT: "0", VERSION: "1.2.3", DRAIN_MS: "300", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listens on (\d+)/.exec(line)?.[1];
    if (port !== undefined) return { child, url: `http://127.0.0.1:${port}` };
  }
  throw new Error("the server ended before it listened");
}

interface Answer {
  code: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function ask(url: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, agent === undefined ? {} : { agent }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("error", reject);
      response.on("end", () => resolve({ code: response.statusCode ?? 0, headers: response.headers, body }));
    }).on("error", reject);
  });
}

/** Samples of a Prometheus exposition by name with labels; every line must be a comment or a sample. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split("\n").filter((line) => line !== "" && !line.startsWith("# "))) {
    const match = /^([a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})?) ([0-9.e+-]+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) throw new Error(`no sample: ${line}`);
    expect(samples.has(match[1]), `${match[1]} appears once`).toBe(false);
    samples.set(match[1], Number(match[2]));
  }
  return samples;
}

describe("hello", () => {
  it("greets with its version in body and header", async () => {
    const { url } = await start();
    const { code, headers, body } = await ask(`${url}/`);
    expect(code).toBe(200);
    expect(headers["x-version"]).toBe("1.2.3");
    expect(JSON.parse(body)).toMatchObject({
      version: "1.2.3",
      hostname: expect.any(String),
      greeting: expect.any(String),
    });
    expect((await ask(`${url}/healthz`)).code).toBe(200);
    expect((await ask(`${url}/ready`)).code).toBe(200);
    expect((await ask(`${url}/nowhere`)).code).toBe(404);
  });

  it("answers the asked share of greetings with 500, and counts each", async () => {
    const { url } = await start({ ERROR_RATE: "0.3" });
    const agent = new Agent({ keepAlive: true, maxSockets: 10 });
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(`${url}/`, agent)));
    const bad = answers.filter(({ code }) => code === 500).length;
    // Five standard deviations of a binomial: one false alarm in two million runs.
    expect(Math.abs(bad - 300)).toBeLessThan(73);
    const samples = parse((await ask(`${url}/metrics`, agent)).body);
    expect(samples.get('http_requests_total{method="GET",code="500",route="/"}')).toBe(bad);
    expect(samples.get('http_requests_total{method="GET",code="200",route="/"}')).toBe(1000 - bad);
    expect(samples.get("http_request_duration_seconds_count")).toBe(1000);
    agent.destroy();
  });

  it("declares every counter at zero and keeps probes and scrapes out of the histogram", async () => {
    const { url } = await start();
    await ask(`${url}/ready`);
    const samples = parse((await ask(`${url}/metrics`)).body);
    for (const [route, codes] of Object.entries({ "/": [200, 500], "/healthz": [200], other: [404] })) {
      for (const code of codes)
        expect(samples.get(`http_requests_total{method="GET",code="${code}",route="${route}"}`)).toBe(0);
    }
    expect(samples.get('http_requests_total{method="GET",code="200",route="/ready"}')).toBe(1);
    expect(samples.get("http_request_duration_seconds_count")).toBe(0);
    expect(samples.get('hello_info{version="1.2.3"}')).toBe(1);
  });

  it("sorts durations into cumulative buckets", async () => {
    const { url } = await start({ LATENCY_MS: "60" });
    await ask(`${url}/`);
    const samples = parse((await ask(`${url}/metrics`)).body);
    const bucket = (le: string) => samples.get(`http_request_duration_seconds_bucket{le="${le}"}`);
    expect(["0.005", "0.05", "0.5", "5", "+Inf"].map(bucket)).toEqual([0, 0, 1, 1, 1]);
    expect(samples.get("http_request_duration_seconds_sum")).toBeGreaterThan(0.059);
  });

  it("tells the length of its secret file and nothing more", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hello-"));
    try {
      const { url } = await start({ SECRETS_DIR: folder });
      expect((await ask(`${url}/secret-length`)).code).toBe(404);
      writeFileSync(join(folder, "GREETING_SECRET"), "open sesame");
      expect(JSON.parse((await ask(`${url}/secret-length`)).body)).toEqual({ length: 11 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses other methods and wrong settings", async () => {
    const { url } = await start();
    const posted = request(`${url}/`, { method: "POST" }).end("x");
    const [response] = await once(posted, "response");
    expect(response.statusCode).toBe(405);
    const child = spawn(process.execPath, [join(__dirname, "server.js")], {
      env: { ...process.env, PORT: "0", ERROR_RATE: "5%" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [exitCode] = await once(child, "close");
    expect(exitCode).toBe(2);
    expect(said).toContain('ERROR_RATE must be a number from 0 to 1 (got "5%")');
  });

  it("loses no request when it stops under keep-alive load", async () => {
    const { child, url } = await start({ LATENCY_MS: "40" });
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const ended = once(child, "exit");
    let ready = true;
    let signalled = false;
    let afterSignal = 0;
    const clients = Array.from({ length: 20 }, async () => {
      while (ready) {
        expect((await ask(`${url}/`, agent)).code).toBe(200);
        if (signalled) afterSignal += 1;
      }
    });
    // As a gateway does: traffic ends when the probe says so.
    const probe = async () => {
      while (ready) {
        ready = (await ask(`${url}/ready`)).code === 200;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const probing = probe();
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGTERM");
    signalled = true;
    await Promise.all([...clients, probing]);
    expect(afterSignal).toBeGreaterThan(0);
    expect(await ended).toEqual([0, null]);
    agent.destroy();
  });

  it("ends idle keep-alive connections instead of waiting for them", async () => {
    const { child, url } = await start({ DRAIN_MS: "0" });
    const agent = new Agent({ keepAlive: true });
    await ask(`${url}/`, agent);
    const stoppedAt = Date.now();
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(Date.now() - stoppedAt).toBeLessThan(2000);
    agent.destroy();
  });
});
