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

const bad: [name: string, args: object, message: string][] = [
  ["an unknown key", { replica: 1 }, 'replica is not known (got "replica")'],
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
