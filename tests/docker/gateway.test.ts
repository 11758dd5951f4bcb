import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DockerHost } from "../../components/docker/docker-host";
import { DockerService } from "../../components/docker/docker-service";
import type { Service } from "../../components/model/service";
import { startLoad } from "../../demo/load";
import { Engine, freePorts } from "../../testkit";
import { docker, eventually, images, ROOT } from "./harness";

const folder = mkdtempSync(join(tmpdir(), "headgate-certificate-"));
let [http, https, prometheus, alertmanager, registry] = [0, 0, 0, 0, 0];
const KEY_MARK = "PRIVATE KEY";
let engine: Engine;
let certificate: string;

const service = (version: string): Service => ({
  image: {
    build: {
      context: join(ROOT, "examples/hello"),
      args: { VERSION: version, ...(images["node"] === undefined ? {} : { BASE: images["node"] }) },
    },
  },
  port: 8080,
  replicas: { count: 2 },
  resources: { memory: "128MiB" },
  health: { readiness: { path: "/ready", interval: "1s" } },
  stopTimeout: "5s",
});
const release = { immediate: {}, bake: "0s" };

/** Two services on one host, one of them by its own host name with sticky sessions. */
function program(extra: { admin: boolean }) {
  return async () => {
    const privateKey = new pulumi.Config().requireSecret("key");
    const host = new DockerHost("edge", {
      ports: { http, https, prometheus, alertmanager, registry },
      images,
      https: { certificates: [{ name: "site", certificate, privateKey }] },
      alerts: { slack: { webhookUrl: new pulumi.Config().requireSecret("slack"), channel: "#ops" } },
      scrapeInterval: "1s",
    });
    new DockerService("shop", { host: host.handle, service: service("shop-1"), release });
    const hosts = ["sticky.example.com"];
    new DockerService("sticky", { host: host.handle, service: service("sticky-1"), release, hosts, sticky: {} });
    if (extra.admin) {
      const adminHosts = ["admin.example.com"];
      new DockerService("admin", { host: host.handle, service: service("admin-1"), release, hosts: adminHosts });
    }
    return { handle: host.handle };
  };
}

/** A certificate signed by itself; its key is beside it. */
function makeCertificate(name: string): string {
  const subject = ["-subj", "/CN=shop.example.com", "-addext", "subjectAltName=DNS:shop.example.com,IP:127.0.0.1"];
  const files = ["-keyout", `${name}.key`, "-out", `${name}.crt`];
  const fresh = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  execFileSync("openssl", [...fresh, ...subject, ...files], { cwd: folder, stdio: "pipe" });
  return readFileSync(join(folder, `${name}.crt`), "utf8");
}
const keyOf = (name: string) => readFileSync(join(folder, `${name}.key`), "utf8");

beforeAll(async () => {
  [http = 0, https = 0, prometheus = 0, alertmanager = 0, registry = 0] = await freePorts(5);
  certificate = makeCertificate("first");
  engine = await Engine.create({
    program: program({ admin: false }),
    project: "gateway",
    plugins: [{ name: "docker" }],
    secretConfig: {
      key: keyOf("first"),
      slack: "https://hooks.example.com/T0/B0/slack-webhook-secret",
    },
  });
  await engine.up();
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  version: string | undefined;
  hostname: string | undefined;
  cookies: string[];
}

/** Asks over HTTPS for a host name, trusting only the test's own certificate. */
function ask(host: string, cookie?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host, ...(cookie === undefined ? {} : { cookie }) };
    const outgoing = request(
      { host: "127.0.0.1", port: https, path: "/", servername: "shop.example.com", ca: certificate, headers },
      (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            version: answer.headers["x-version"] as string | undefined,
            hostname: answer.statusCode === 200 ? (JSON.parse(body) as { hostname: string }).hostname : undefined,
            cookies: answer.headers["set-cookie"] ?? [],
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
}

test("HTTPS serves the given certificate and plain HTTP is redirected to it", async () => {
  expect(await ask("shop.example.com")).toMatchObject({ status: 200, version: "shop-1" });
  const plain = await fetch(`http://127.0.0.1:${http}/path?x=1`, { redirect: "manual" });
  expect([301, 302, 307, 308]).toContain(plain.status);
  expect(plain.headers.get("location")).toBe(`https://127.0.0.1:${https}/path?x=1`);
});

test("A host name has its own service, every other name the default one", async () => {
  expect(await ask("sticky.example.com")).toMatchObject({ version: "sticky-1" });
  expect(await ask("STICKY.example.com")).toMatchObject({ version: "sticky-1" });
  expect(await ask("other.example.com")).toMatchObject({ version: "shop-1" });
});

test("A sticky client stays on its copy; without its cookie both copies answer", async () => {
  const first = await ask("sticky.example.com");
  const cookie = (first.cookies.find((each) => each.startsWith("headgate=")) ?? "").split(";")[0];
  expect(cookie).toMatch(/^headgate=.+/);
  const sticky = await Promise.all(Array.from({ length: 20 }, () => ask("sticky.example.com", cookie)));
  expect(new Set(sticky.map(({ hostname }) => hostname))).toEqual(new Set([first.hostname]));
  const free = await Promise.all(Array.from({ length: 20 }, () => ask("sticky.example.com")));
  expect(new Set(free.map(({ hostname }) => hostname)).size).toBe(2);
});

test("Another service joins and leaves while the others lose no request", async () => {
  const load = startLoad({
    url: `https://127.0.0.1:${https}/`,
    ratePerSecond: 100,
    connections: 10,
    ca: certificate,
    headers: { host: "shop.example.com" },
  });
  engine.setProgram(program({ admin: true }));
  await engine.up();
  expect(await ask("admin.example.com")).toMatchObject({ version: "admin-1" });
  engine.setProgram(program({ admin: false }));
  await engine.up();
  expect(await ask("admin.example.com")).toMatchObject({ version: "shop-1" });
  const report = await load.stop();
  expect(report.sent).toBeGreaterThan(500);
  expect(report).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
});

test("A new certificate is served after an up that loses no request", async () => {
  const [first, second] = [certificate, makeCertificate("second")];
  const load = startLoad({
    url: `https://127.0.0.1:${https}/`,
    ratePerSecond: 100,
    connections: 10,
    ca: `${first}\n${second}`,
    headers: { host: "shop.example.com" },
  });
  certificate = second;
  await engine.setConfig("key", keyOf("second"), true);
  await engine.up();
  // It trusts the new one only.
  await eventually(20, "the new certificate is served", () => ask("shop.example.com"));
  certificate = first;
  await expect(ask("shop.example.com")).rejects.toThrow(/self.signed|certificate/i);
  certificate = second;
  expect(await load.stop()).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
});

test("The private key and the webhook are readable neither in state nor in the containers' settings", async () => {
  const { prefix } = (await engine.outputs())["handle"] as { prefix: string };
  const containers = await docker.listContainers({ all: true, filters: { label: [`headgate.host=${prefix}`] } });
  const seen = [engine.stateText()];
  for (const { Id } of containers) seen.push(JSON.stringify(await docker.getContainer(Id).inspect()));
  expect(seen.length).toBeGreaterThan(6);
  for (const text of seen) {
    expect(text).not.toContain(KEY_MARK);
    expect(text).not.toContain("slack-webhook-secret");
  }
});
