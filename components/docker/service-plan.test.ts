import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Service } from "../model/service";
import type { DockerServiceArgs } from "./service-args";
import { planService } from "./service-plan";

const folder = mkdtempSync(join(tmpdir(), "headgate-plan-"));
writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
afterAll(() => rmSync(folder, { recursive: true }));

const reference = `shop@sha256:${"a".repeat(64)}`;
const service: Service = { image: { reference }, port: 8080, health: { readiness: { path: "/ready" } } };
const host = {
  engine: "",
  stack: "s",
  prefix: "p",
  network: "n",
  guard: "g",
  registry: "r",
  platform: "linux/amd64",
  url: "u",
};
const plan = (args: object = {}) => planService("shop", { host, service, ...args } as DockerServiceArgs);

test("Defaults: one copy, no root, a small writable /tmp, a rolling release that waits for a decision", () => {
  expect(plan()).toMatchObject({
    copies: 1,
    container: { user: "1000:1000", pidsLimit: 256, scratch: { "/tmp": 64 * 2 ** 20 }, stopTimeoutSeconds: 30 },
    registration: { hosts: [], readinessPath: "/ready" },
    release: { strategy: "rolling", bakeSeconds: 300, onNoData: "wait", onUndecided: "promote" },
    retry: 0,
    onBusy: "wait",
    keepImages: 3,
  });
});

test("A build keeps its folder and arguments", () => {
  const built = plan({ service: { ...service, image: { build: { context: folder, args: { A: "1" } } } } });
  expect(built.build).toEqual({ context: folder, dockerfile: join(folder, "Dockerfile"), args: { A: "1" } });
});

test("Sticky sessions and objectives reach the gateway", () => {
  const { registration } = plan({
    sticky: {},
    objectives: { availability: 0.99, latency: { within: "500ms", ratio: 0.9 } },
  });
  expect(registration.stickyCookie).toBe("headgate");
  expect(registration.objectives).toEqual({ availability: 0.99, latency: { withinSeconds: 0.5, ratio: 0.9 } });
});

test("A release's sticky sessions, freeze windows and emergency reach the host", () => {
  const freeze = { weekly: [{ days: ["friday"] }] };
  const careful = plan({ release: { canary: { route: { sticky: { cookie: "shop" } } }, freeze } });
  expect(careful.registration.stickyCookie).toBe("shop");
  expect(careful).toMatchObject({ freeze, emergency: "" });
  const urgent = plan({ release: { canary: {}, freeze, emergency: { reason: "the shop is down" } } });
  expect(urgent).toMatchObject({
    freeze: {},
    emergency: "the shop is down",
    release: { strategy: "immediate", steps: [], bakeSeconds: 0 },
  });
});

test("A folder that need not last is in memory", () => {
  const { container } = plan({ service: { ...service, volumes: { cache: { path: "/var/cache", size: "10MiB" } } } });
  expect(container.scratch).toEqual({ "/tmp": 64 * 2 ** 20, "/var/cache": 10 * 2 ** 20 });
});

test("A secret that the service refers to needs a value here", () => {
  const withSecret = { ...service, secrets: { "database-url": { store: "shop-database" } } };
  expect(plan({ service: withSecret, secrets: { "database-url": "x" } }).copies).toBe(1);
});

const bad: [name: string, args: object, message: string][] = [
  ["an unknown key", { replica: 1 }, 'replica is not known (got "replica")'],
  [
    "a referred secret without a value",
    { service: { ...service, secrets: { "database-url": { store: "shop-database" } } } },
    "secrets.database-url is missing: a Docker host has no store to look service.secrets up in. Give its value.",
  ],
  [
    "a secret in a variable",
    { service: { ...service, secrets: { TOKEN: { store: "t", variable: true } } }, secrets: { TOKEN: "x" } },
    "service.secrets.TOKEN.variable cannot be true where everybody on the host reads variables",
  ],
  [
    "a migration",
    { release: { migration: { command: ["npm", "run", "migrate"] } } },
    "release.migration cannot be run on a Docker host. Run it in the pipeline before the release, and remove it.",
  ],
  [
    "a hook",
    { release: { hooks: { afterStep: { http: { url: "https://x.example" } } } } },
    "release.hooks.afterStep cannot be run",
  ],
  [
    "a failed release that stays",
    { release: { onFailure: "pause" } },
    'release.onFailure cannot be "pause" on a Docker',
  ],
  ["a stateful service", { service: { ...service, workload: "stateful" } }, 'service.workload cannot be "stateful"'],
  [
    "a volume that lasts",
    { service: { ...service, volumes: { data: { path: "/data", persistent: true } } } },
    "service.volumes.data.persistent cannot be true on a Docker host",
  ],
  [
    "a file",
    { service: { ...service, files: { "/etc/motd": "hello" } } },
    'service.files["/etc/motd"] cannot be placed on a Docker host',
  ],
  ["no host", { host: undefined }, "host is missing"],
  [
    "an unsorted canary",
    { release: { canary: { steps: [{ weight: 25 }, { weight: 10 }] } } },
    "release.canary.steps[1].weight must be larger than the step before it (got 10 after 25)",
  ],
  ["a weight of 0", { release: { canary: { steps: [{ weight: 0 }] } } }, "release.canary.steps[0].weight"],
  ["a weight of 100", { release: { canary: { steps: [{ weight: 100 }] } } }, "release.canary.steps[0].weight"],
  [
    "a hold without unit",
    { release: { canary: { steps: [{ weight: 10, hold: "300" }] } } },
    "release.canary.steps[0].hold",
  ],
  [
    "a negative hold",
    { release: { canary: { steps: [{ weight: 10, hold: "-5s" }] } } },
    "release.canary.steps[0].hold",
  ],
  ["no health path", { service: { ...service, health: { readiness: {} } } }, "service.health.readiness.path"],
  ["port 0", { service: { ...service, port: 0 } }, "service.port"],
  ["port 70000", { service: { ...service, port: 70000 } }, "service.port"],
  ["replicas 0", { service: { ...service, replicas: { count: 0 } } }, "service.replicas.count"],
  ["an image by tag", { service: { ...service, image: { reference: "shop:latest" } } }, "service.image.reference"],
  [
    "a missing folder",
    { service: { ...service, image: { build: { context: "/nowhere" } } } },
    'service.image.build.context is no folder (got "/nowhere")',
  ],
  [
    "a missing Dockerfile",
    { service: { ...service, image: { build: { context: folder, dockerfile: "Nofile" } } } },
    'service.image.build.dockerfile does not exist (got "Nofile")',
  ],
  ["root", { user: "0:0" }, 'user is root (got "0:0")'],
  ["a secret with a path", { secrets: { "../x": "v" } }, "secrets.../x is no file name"],
  [
    "a scratch folder without unit",
    { scratch: { "/tmp": "64" } },
    'scratch["/tmp"] must be a folder with a size (got "64")',
  ],
];
test.each(bad)("%s is refused", (_name, args, message) => {
  expect(() => plan(args)).toThrow(message);
  expect(() => plan(args)).toThrow(/^DockerService "shop": /);
});

test("A name that is too long is refused", () => {
  expect(() => planService("x".repeat(41), { host, service })).toThrow(/at most|1 to 40/);
});

test('fit "exact" refuses what a host only approximates', () => {
  const release = { rolling: { maxSurge: 1 }, fit: "exact" };
  expect(() => plan({ service: { ...service, replicas: { count: 3 } }, release })).toThrow("release.rolling.maxSurge");
});
