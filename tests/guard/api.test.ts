import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePorts } from "../../testkit/free-ports";
import { Rig } from "./rig";
import { plan, registration } from "./samples";
import { until } from "./wait";

let rig: Rig;
let certificates: string;
beforeAll(async () => {
  certificates = mkdtempSync(join(tmpdir(), "headgate-certificates-"));
  const made = (file: string) => join(certificates, file);
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=shop.example"].concat([
      "-keyout",
      made("key"),
      "-out",
      made("certificate"),
    ]),
    { stdio: "ignore" },
  );
  writeFileSync(made("shop.pem"), readFileSync(made("certificate"), "utf8") + readFileSync(made("key"), "utf8"));
  for (const file of ["key", "certificate"]) rmSync(made(file));
  const [port = 0] = await freePorts(1);
  rig = await (
    await Rig.create({
      https: { port, certificateFolder: certificates, redirectToPort: port, certificatesVersion: "1" },
    })
  ).start();
});
afterAll(async () => {
  await rig?.close();
  rmSync(certificates, { recursive: true, force: true });
});

test("only holders of the token are answered, and the token is nowhere but in its file", async () => {
  for (const token of ["", "x", rig.token.slice(1), `${rig.token}x`]) {
    expect(await rig.api("GET", "/v1/services", undefined, token)).toEqual({
      status: 401,
      body: { error: "unauthorised" },
    });
  }
  expect((await rig.api("GET", "/v1/services")).status).toBe(200);
  expect(rig.token.length).toBeGreaterThanOrEqual(43);
  expect(statSync(join(rig.settings.stateFolder, "token")).mode & 0o777).toBe(0o600);
  await rig.register("secretive", { hosts: ["secretive.example"] });
  await rig.begin("secretive", "one");
  expect(rig.output("guard")).not.toContain(rig.token);
  expect(await rig.metrics()).not.toContain(rig.token);
  const journals = join(rig.settings.stateFolder, "services");
  for (const file of readdirSync(journals)) expect(readFileSync(join(journals, file), "utf8")).not.toContain(rig.token);
  await rig.remove("secretive");
});

test("requests that make no sense are told what is wrong", async () => {
  await rig.register("shop", { hosts: ["shop.example"] });
  const status = async (...call: [string, string, unknown?]) => (await rig.api(...call)).status;
  expect(await rig.api("PUT", "/v1/services/Shop", registration())).toMatchObject({ status: 422 });
  expect(await rig.api("PUT", "/v1/services/other", "{")).toEqual({
    status: 400,
    body: { error: "the body is no JSON" },
  });
  expect(await rig.api("PUT", "/v1/services/other", registration({ hosts: ["a b"] }))).toMatchObject({
    status: 422,
    body: { error: expect.stringContaining("hosts[0]") },
  });
  for (const readinessPath of ["ready", "/ready\nuser root", "/a b", '/"']) {
    expect(await status("PUT", "/v1/services/other", registration({ readinessPath }))).toBe(422);
  }
  expect(await rig.api("PUT", "/v1/services/other", registration({ hosts: ["shop.example"] }))).toEqual({
    status: 409,
    body: { error: 'host "shop.example" belongs to service "shop"' },
  });
  expect(await status("GET", "/v1/services/unknown")).toBe(404);
  expect(await status("GET", "/v1/services/shop/releases/7")).toBe(404);
  expect(await status("PATCH", "/v1/services/shop")).toBe(405);
  expect(await status("GET", "/v2")).toBe(404);
  const begin = { key: "k", digest: "latest", plan: plan(), retry: 1, client: "test" };
  expect(await status("POST", "/v1/services/shop/releases", begin)).toBe(422);
  const falling = plan({ steps: [50, 10].map((weight) => ({ weight, holdSeconds: 1, gate: "auto" as const })) });
  expect(
    await status("POST", "/v1/services/shop/releases", { ...begin, digest: `sha256:${"0".repeat(64)}`, plan: falling }),
  ).toBe(422);
});

test("a question for news waits for them, and each is told once", async () => {
  await rig.register("slow", { hosts: ["slow.example"] });
  await rig.begin("slow", "one");
  const first = await rig.release("slow", 1);
  const last = first.events.at(-1)?.sequence ?? 0;
  const question = rig.api("GET", `/v1/services/slow/releases/1?after=${last}&waitSeconds=20`);
  const copy = await rig.copy("slow");
  await rig.servers("slow", 1, [copy]);
  const news = (await question).body as { events: { sequence: number }[] };
  expect(news.events.map(({ sequence }) => sequence)).toEqual([last + 1]);
  // The same again is no error, something else is.
  await rig.servers("slow", 1, [copy]);
  await expect(rig.servers("slow", 1, [await rig.copy("other")])).rejects.toThrow("409");
  await rig.ended("slow", 1);
  await expect(rig.say("slow", 1, "promote", "alice")).rejects.toThrow("409");
  expect(await rig.api("GET", "/v1/services/slow/releases")).toMatchObject({
    body: { releases: [{ outcome: "promoted" }] },
  });
});

test("pipe carries the API over standard input and output, health tells by its exit code", async () => {
  const pipe = rig.command("pipe");
  let said = "";
  pipe.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  pipe.stdin?.write(
    `GET /v1/services HTTP/1.1\r\nhost: guard\r\nauthorization: Bearer ${rig.token}\r\nconnection: close\r\n\r\n`,
  );
  expect(await new Promise((done) => pipe.on("exit", done))).toBe(0);
  expect(said).toContain("HTTP/1.1 200 OK");
  expect(said).toContain('"services":');
  expect(await new Promise((done) => rig.command("health").on("exit", done))).toBe(0);
});

test("HTTPS is served and plain HTTP redirected to it", async () => {
  await rig.register("safe", { hosts: ["safe.example"] });
  const copy = await rig.copy("safe");
  const seen: unknown[] = [];
  copy.onRequest = (headers) => seen.push(headers["x-forwarded-proto"]);
  await rig.ended("safe", await rig.launch("safe", "one", [copy]));
  const { httpPort, https } = rig.settings.gateway;
  const plain = await new Promise<{ status?: number | undefined; to?: string | undefined }>((done) =>
    get({ port: httpPort, host: "127.0.0.1", path: "/a?b=c", headers: { host: "safe.example:80" } }, (answer) =>
      done({ status: answer.statusCode, to: answer.headers.location }),
    ),
  );
  expect(plain).toEqual({ status: 308, to: `https://safe.example:${https?.port}/a?b=c` });
  const status = await new Promise((done, fail) =>
    request(
      {
        port: https?.port,
        host: "127.0.0.1",
        servername: "safe.example",
        rejectUnauthorized: false,
        headers: { host: "safe.example" },
      },
      (answer) => done(answer.statusCode),
    )
      .on("error", fail)
      .end(),
  );
  expect(status).toBe(200);
  expect(seen).toEqual(["https"]);
});

test("SIGTERM ends the guard at once and well", async () => {
  expect(await rig.kill("guard", "SIGTERM")).toBe(0);
  rig.startGuard();
  await until(async () => (await rig.service("safe")).stable?.revision === 1, "the guard again");
});
