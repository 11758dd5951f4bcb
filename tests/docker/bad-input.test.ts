import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { DockerHost } from "../../components/docker/docker-host";
import { DockerService } from "../../components/docker/docker-service";
import { GuardClient, GuardRefusal } from "../../components/docker/release/client";
import type { DockerServiceArgs } from "../../components/docker/service-args";
import { Engine, EngineError, freePorts } from "../../testkit";
import { copies, docker, eventually, images, leftovers, QUICK_CANARY, TestStack, versionsSeen } from "./harness";

/** What a failed operation said to its user. */
async function complaint(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected a failed operation (got ${String(error)})`);
  return error.diagnostics.join("\n");
}

test("A port that another program has is named before anything is made", async () => {
  const [taken = 0] = await freePorts(1);
  const blocker = createServer().listen(taken, "127.0.0.1");
  try {
    const [prometheus, alertmanager, registry] = await freePorts(3);
    await using stack = await TestStack.create({ ports: { http: taken, prometheus, alertmanager, registry } });
    expect(await complaint(stack.engine.up())).toContain(
      `DockerHost "edge": ports.http cannot be opened: another program listens there (got ${taken}). Choose a free port.`,
    );
    expect(await leftovers(`headgate-${stack.engine.stackName}-edge`)).toEqual([]);
  } finally {
    blocker.close();
  }
});

test("Docker that does not run is named before anything is made", async () => {
  await using stack = await TestStack.create({ engine: "unix:///nowhere/docker.sock" });
  expect(await complaint(stack.engine.up())).toMatch(
    /DockerHost "edge": engine cannot be reached \(got unix:\/\/\/nowhere\/docker\.sock: .*ENOENT.*\)\. Start Docker or set engine\./,
  );
});

const misconfigured: [name: string, config: Record<string, unknown>, message: string][] = [
  ["a port that is no number", { ports: { http: "eighty" } }, "headgate:ports.http is wrong"],
  ["an unknown port", { ports: { web: 1 } }, "headgate:ports is wrong"],
  ["an error rate of 2", { errorRate: 2 }, "headgate:errorRate is wrong"],
  ["retry that is no number", { retry: "often" }, "headgate:retry is wrong"],
  ["a profile that does not exist", { profile: "qa" }, 'headgate:profile names no file of stacks/ (got "qa")'],
  [
    "a canary that falls",
    { release: { canary: { steps: [{ weight: 50 }, { weight: 10 }] } } },
    "release.canary.steps[1].weight must be larger",
  ],
  [
    "a hold without unit",
    { release: { canary: { steps: [{ weight: 50, hold: "300" }] } } },
    "release.canary.steps[0].hold",
  ],
  ["a release key nobody knows", { release: { carnary: {} } }, "release.carnary"],
];
test.each(misconfigured)("Configuration with %s is refused at preview", async (_name, config, message) => {
  await using stack = await TestStack.create(config);
  expect(await complaint(stack.engine.preview())).toContain(message);
});

test("A secret file without its configuration is named", async () => {
  await using stack = await TestStack.create({ secretFiles: ["databaseUrl"] });
  expect(await complaint(stack.engine.preview())).toMatch(/headgate:databaseUrl/);
});

/** A service of a server.js of its own on one shared host, so that each case costs seconds. */
const folder = mkdtempSync(join(tmpdir(), "headgate-bad-"));
let engine: Engine;
let prefix: string;
let guard: string;
const ports = { http: 0, prometheus: 0, alertmanager: 0, registry: 0 };
const GOOD = `require("http").createServer((q, s) => s.setHeader("x-version", "good").end("ok")).listen(8080)`;

function context(name: string, dockerfile: string, server = GOOD): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "Dockerfile"), dockerfile);
  writeFileSync(join(path, "server.js"), server);
  return path;
}
const plain = 'ARG BASE\nFROM ${BASE}\nCOPY server.js /server.js\nCMD ["node", "/server.js"]\n';

function program(from: string, extra: Partial<DockerServiceArgs> = {}) {
  return async () => {
    const host = new DockerHost("edge", { ports, images, scrapeInterval: "1s" });
    const base = images["node"] === undefined ? "node:24-alpine" : images["node"];
    new DockerService("shop", {
      host: host.handle,
      service: {
        image: { build: { context: from, args: { BASE: base } } },
        port: 8080,
        health: { readiness: { path: "/ready", interval: "1s" }, startTimeout: "12s" },
        stopTimeout: "2s",
      },
      release: { ...QUICK_CANARY, bake: "0s" },
      ...extra,
    });
    return { handle: host.handle };
  };
}

beforeAll(async () => {
  [ports.http = 0, ports.prometheus = 0, ports.alertmanager = 0, ports.registry = 0] = await freePorts(4);
  engine = await Engine.create({
    program: program(context("good", plain)),
    project: "bad",
    plugins: [{ name: "docker" }],
  });
  await engine.up();
  ({ prefix, guard } = (await engine.outputs())["handle"] as { prefix: string; guard: string });
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

let before: string[];
beforeEach(async () => {
  before = prefix === undefined ? [] : await copies(prefix, "shop");
});
/** Whatever went wrong, the old version serves alone and nothing of the new one is left. */
afterEach(async () => {
  if (prefix === undefined) return;
  expect(await copies(prefix, "shop")).toEqual(before);
  expect(await versionsSeen(`http://127.0.0.1:${ports.http}/`, 5)).toEqual({ good: 5 });
});

async function fails(from: string, extra: Partial<DockerServiceArgs> = {}): Promise<string> {
  engine.setProgram(program(from, extra));
  return complaint(engine.up());
}

test("A build that fails says at which step", async () => {
  const text = await fails(
    context("failing", `${plain}RUN ["node", "-e", "console.error('no such module'); process.exit(3)"]\n`),
  );
  expect(text).toMatch(/RUN|step/i);
  expect(text).toContain("no such module");
});

test("A missing Dockerfile is named", async () => {
  mkdirSync(join(folder, "empty"), { recursive: true });
  engine.setProgram(program(join(folder, "empty")));
  await expect(engine.up()).rejects.toThrow(/DockerService "shop": service\.image\.build\.dockerfile does not exist/);
});

test("An image that exits at once says so with its last words", async () => {
  const text = await fails(context("exits", plain, `console.error("cannot read configuration"); process.exit(7)`));
  expect(text).toMatch(
    /DockerService "shop": release sha256:\w+… was taken back .*exited with code 7.*cannot read configuration/s,
  );
  expect(text).toContain("All traffic is on sha256:");
});

test("Last words of a container never show a secret", async () => {
  const tell = `console.error("token is " + require("fs").readFileSync("/run/secrets/TOKEN")); process.exit(1)`;
  const text = await fails(context("tells", plain, tell), { secrets: { TOKEN: "s3cr3t-t0ken" } });
  expect(text).toContain("token is [secret]");
  expect(text).not.toContain("s3cr3t-t0ken");
});

test("An image that never becomes healthy says what its probes saw", async () => {
  const text = await fails(
    context("sick", plain, `require("http").createServer((q, s) => s.writeHead(503).end()).listen(8080)`),
  );
  expect(text).toMatch(/was taken back .*503.*\/ready/s);
});

test("A health endpoint that flaps never gets traffic", async () => {
  const flap = `let n = 0; require("http").createServer((q, s) => s.writeHead(n++ % 2 ? 503 : 200).end()).listen(8080)`;
  const text = await fails(context("flaps", plain, flap));
  expect(text).toMatch(/was taken back .*\d+ of \d+ probes/s);
});

test("A program that does not exist in the image is named", async () => {
  const text = await fails(context("nothing", plain.replace('"node", "/server.js"', '"no-such-program"')));
  expect(text).toMatch(/no-such-program/);
});

test("A guard that does not run is named", async () => {
  await docker.getContainer(guard).stop({ t: 1 });
  try {
    const text = await fails(context("good2", plain, GOOD.replace('"ok"', '"ok 2"')));
    expect(text).toMatch(/the guard ".*-guard" cannot be reached/);
  } finally {
    await docker.getContainer(guard).start();
  }
}, 200_000);

test("Wrong credentials are refused by the guard", async () => {
  const client = await GuardClient.open(docker, guard, "not-the-token");
  try {
    const answer = client.service("shop");
    await expect(answer).rejects.toBeInstanceOf(GuardRefusal);
    await expect(client.service("shop")).rejects.toThrow(/refuses the credentials/);
  } finally {
    client.close();
  }
});

test("Secrets in the environment are refused", async () => {
  const { secret } = await import("@pulumi/pulumi");
  const text = await fails(context("good", plain), { env: { PASSWORD: secret("hunter2") } });
  expect(text).toContain('DockerService "shop": env.PASSWORD is a secret');
  expect(text).not.toContain("hunter2");
});

test("A second release while one is running is told which one, and stops as asked", async () => {
  const release = { ...QUICK_CANARY, canary: { steps: [{ weight: 10, hold: "15s" }] }, bake: "0s" };
  const client = await GuardClient.open(docker, guard);
  try {
    const state = await client.service("shop");
    const plan = state?.release?.plan;
    if (plan === undefined) throw new Error("the guard knows no release");
    const begun = await client.begin("shop", {
      key: "by-somebody-else",
      digest: `sha256:${"e".repeat(64)}`,
      plan,
      retry: 0,
      client: "alice@laptop",
    });
    expect(begun.outcome).toBe("begun");
    const text = await fails(context("good3", plain, GOOD.replace('"ok"', '"ok 3"')), { release, onBusy: "stop" });
    expect(text).toMatch(
      /release sha256:e{12}… \(revision \d+, by alice@laptop\) is running since \d{4}-\d\d-\d\dT.*Z, now at 0 %/,
    );
    if (begun.outcome === "begun") await client.abort("shop", begun.revision, "end of the test", "aborted");
  } finally {
    client.close();
  }
});

test("A second release waits for the one that is running when asked to, and then takes its turn", async () => {
  const client = await GuardClient.open(docker, guard);
  try {
    const plan = (await client.service("shop"))?.release?.plan;
    if (plan === undefined) throw new Error("the guard knows no release");
    const digest = `sha256:${"f".repeat(64)}`;
    const begun = await client.begin("shop", { key: "somebody-again", digest, plan, retry: 0, client: "bob@laptop" });
    if (begun.outcome !== "begun") throw new Error(`expected to begin (got ${begun.outcome})`);
    let said = "";
    engine.setProgram(program(context("good4", plain, GOOD.replace('"ok"', '"ok 4"')), { onBusy: "wait" }));
    const up = engine.up({ onOutput: (text) => (said += text) });
    await eventually(120, "the second release says that it waits", async () =>
      /by bob@laptop\) is running since .*; waiting for its end/.test(said) ? true : undefined,
    );
    await client.abort("shop", begun.revision, "end of the test", "aborted");
    await up;
    before = await copies(prefix, "shop");
    expect(before).toHaveLength(1);
    expect(await (await fetch(`http://127.0.0.1:${ports.http}/`)).text()).toBe("ok 4");
  } finally {
    client.close();
  }
});

test("While nothing may be released up says until when; what runs is no release, and an emergency goes through", async () => {
  const freeze = { dates: [{ from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z", reason: "holidays" }] };
  const release = { ...QUICK_CANARY, bake: "0s", freeze };
  const from = context("frozen", plain, GOOD.replace('"ok"', '"ok 5"'));
  expect(await fails(from, { release })).toContain(
    'DockerService "shop": nothing is released until 2100-01-01T00:00:00Z: holidays. Wait, or set release.emergency',
  );
  engine.setProgram(program(from, { release: { ...release, emergency: { reason: "the shop is down" } } }));
  await engine.up();
  engine.setProgram(program(from, { release }));
  await engine.up();
  before = await copies(prefix, "shop");
  expect(await (await fetch(`http://127.0.0.1:${ports.http}/`)).text()).toBe("ok 5");
  const client = await GuardClient.open(docker, guard);
  const last = (await client.service("shop"))?.release;
  client.close();
  expect(last?.client).toMatch(/, emergency: the shop is down$/);
  expect(last?.plan).toMatchObject({ strategy: "immediate", steps: [] });
});

test("A registry without room says so, and nothing is released", async () => {
  const [http = 0, prometheus = 0, alertmanager = 0, registry = 0] = await freePorts(4);
  await using full = await Engine.create({
    project: "full",
    plugins: [{ name: "docker" }],
    program: async () => {
      const small = { "/tmp": "size=1m", "/volumes/registry/data": "size=1m,mode=1777" };
      const host = new DockerHost(
        "edge",
        { ports: { http, prometheus, alertmanager, registry }, images },
        { transform: { registry: (args) => ({ ...args, tmpfs: small }) } },
      );
      new DockerService("shop", {
        host: host.handle,
        service: {
          image: { build: { context: context("good", plain), args: { BASE: images["node"] ?? "node:24-alpine" } } },
          port: 8080,
          health: { readiness: { path: "/ready" } },
        },
      });
      return { handle: host.handle };
    },
  });
  expect(await complaint(full.up())).toMatch(/shop-image|Image.*(no space|full|500|internal|unknown)/is);
  const [{ Labels: labels } = { Labels: {} as Record<string, string> }] = await docker.listContainers({
    filters: { label: [`headgate.stack=full/${full.stackName}`] },
  });
  expect(labels["headgate.host"]).toMatch(/^full-/);
  expect(await copies(labels["headgate.host"] ?? "", "shop")).toEqual([]);
});
