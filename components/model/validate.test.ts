import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { checkHosts, checkName } from "./names";
import { formatProblem, type Problem } from "./problem";
import { checkImage, checkObjectives, checkRelease, checkService } from "./validate";

const digest = `sha256:${"0a".repeat(32)}`;
const service = { image: { build: { context: "./shop" } }, port: 8080, health: { readiness: { path: "/ready" } } };

/** The checks take whatever a program without types may pass. */
type Check = (value: never) => Problem[];
const lines = (check: Check, value: unknown) => check(value as never).map(formatProblem);

const shortest = (): unknown => structuredClone(service);
const fullest = () => ({
  image: {
    build: { context: ".", dockerfile: "Dockerfile", args: { A: "1" }, target: "t", platforms: ["linux/arm64/v8"] },
  },
  port: 1,
  command: ["node", "server.js"],
  env: { LOG_LEVEL: "info" },
  replicas: { min: 2, max: 6, targetCpuPercent: 70 },
  resources: { cpu: "0.25", memory: "256MiB" },
  health: {
    readiness: { path: "/ready?deep=1", interval: "2s", timeout: "1s", healthyAfter: 3, unhealthyAfter: 3 },
    liveness: { path: "/live" },
    startTimeout: "60s",
  },
  metrics: { path: "/metrics", port: 9090, durationHistogram: "http_request_duration_seconds" },
  stopTimeout: "0s",
});

test("well-formed values have no problem", () => {
  expect(lines(checkService, shortest())).toEqual([]);
  expect(lines(checkService, fullest())).toEqual([]);
  expect(lines(checkService, { ...service, replicas: undefined })).toEqual([]);
  expect(lines(checkRelease, {})).toEqual([]);
  expect(
    lines(checkRelease, { canary: { steps: [{ weight: 0.5 }, { weight: 99.5, hold: "1s", gate: "manual" }] } }),
  ).toEqual([]);
  expect(lines(checkRelease, { immediate: { skipBake: true }, bake: "0s", fit: "exact" })).toEqual([]);
  expect(lines(checkObjectives, { availability: 0.999, latency: { within: "500ms", ratio: 0.95 } })).toEqual([]);
  expect(lines(checkImage, { reference: `registry.example.com:5000/acme/shop:1.2@${digest}` })).toEqual([]);
});

describe("service", () => {
  const cases: [string, object, string][] = [
    [
      "port 0",
      { port: 0 },
      "service.port must be a whole number from 1 to 65535 (got 0). Give a whole number from 1 to 65535.",
    ],
    [
      "port 70000",
      { port: 70000 },
      "service.port must be a whole number from 1 to 65535 (got 70000). Give a whole number from 1 to 65535.",
    ],
    [
      "port as text",
      { port: "8080" },
      'service.port must be a whole number, not text (got "8080"). Leave out the quotes: 8080.',
    ],
    ["port missing", { port: undefined }, "service.port is missing. Give a whole number from 1 to 65535."],
    [
      "port NaN",
      { port: Number.NaN },
      "service.port must be a whole number from 1 to 65535 (got NaN). Give a whole number from 1 to 65535.",
    ],
    ["no health", { health: undefined }, 'service.health is missing. Write it like { readiness: { path: "/ready" } }.'],
    ["no readiness", { health: {} }, 'service.health.readiness is missing. Write it like { path: "/ready" }.'],
    [
      "no path",
      { health: { readiness: {} } },
      'service.health.readiness.path is missing. Write "/ready", for example.',
    ],
    [
      "path without slash",
      { health: { readiness: { path: "ready" } } },
      'service.health.readiness.path must be a path that starts with a slash, without spaces and quotes (got "ready"). Write "/ready", for example.',
    ],
    [
      "path that would end a line of configuration",
      { health: { readiness: { path: "/a\nserver evil" } } },
      'service.health.readiness.path must be a path that starts with a slash, without spaces and quotes (got "/a\\nserver evil"). Write "/ready", for example.',
    ],
    [
      "health as text",
      { health: "/ready" },
      'service.health must be an object (got a string). Write it like { readiness: { path: "/ready" } }.',
    ],
    [
      "replicas 0",
      { replicas: { count: 0 } },
      "service.replicas.count must be a whole number from 1 to 100 (got 0). Give a whole number from 1 to 100.",
    ],
    [
      "replicas 101",
      { replicas: { count: 101 } },
      "service.replicas.count must be a whole number from 1 to 100 (got 101). Give a whole number from 1 to 100.",
    ],
    [
      "count beside max",
      { replicas: { count: 3, min: 2, max: 6 } },
      "service.replicas cannot be fixed while replicas.max sets an autoscaler (got 3). Remove replicas.count.",
    ],
    [
      "min alone",
      { replicas: { min: 2 } },
      "service.replicas.max is missing beside replicas.min. Add it, or fix the number with replicas.count alone.",
    ],
    [
      "min above max",
      { replicas: { min: 6, max: 2 } },
      "service.replicas.min must not be larger than replicas.max (got 6 and 2). Exchange the two.",
    ],
    [
      "target without autoscaler",
      { replicas: { count: 2, targetCpuPercent: 50 } },
      "service.replicas.targetCpuPercent has no effect without an autoscaler (got 50). Set replicas.min and replicas.max, or remove it.",
    ],
    ["unknown key", { replica: 3 }, "service.replica is not a known setting. Did you mean replicas?"],
    ["unknown key, wrong case", { Port: 3 }, "service.Port is not a known setting. Did you mean port?"],
    [
      "unknown key like none",
      { resources: { disk: "1GiB" } },
      "service.resources.disk is not a known setting. Known here: cpu, memory.",
    ],
    [
      "time without unit",
      { stopTimeout: "30" },
      'service.stopTimeout must be a time of at most a year, with its unit (got "30"). Write a number with a unit: "300s", "5m".',
    ],
    [
      "memory without unit",
      { resources: { memory: "256" } },
      'service.resources.memory must be an amount of memory, with its unit (got "256"). Write a number with a unit: "256MiB", "1GiB".',
    ],
    [
      "too little memory",
      { resources: { memory: "1MiB" } },
      'service.resources.memory must be at least 6MiB (got "1MiB"). Write a number with a unit: "256MiB", "1GiB".',
    ],
    [
      "CPU as number",
      { resources: { cpu: 0.5 } },
      'service.resources.cpu must be a number of CPU cores, as text, not a bare number (got 0.5). Write it as a decimal: "0.25" is a quarter of a core.',
    ],
    [
      "bad variable name",
      { env: { "a b": "1" } },
      'service.env["a b"] is no name of a variable. Use letters, digits and underscores, and no digit first.',
    ],
    [
      "variable no text",
      { env: { PIN: 4711 } },
      "service.env.PIN must be text (got a number). Write plain text, in quotes.",
    ],
    [
      "command as text",
      { command: "node x" },
      'service.command must be a list (got a string). Write it like ["node", "server.js"].',
    ],
    [
      "image null",
      { image: null },
      'service.image must be an object (got null). Write it like { build: { context: "." } }.',
    ],
    [
      "neither image",
      { image: {} },
      'service.image must have either build or reference (got neither). Write { build: { context: "." } }, for example.',
    ],
    [
      "both images",
      { image: { build: { context: "." }, reference: `shop@${digest}` } },
      "service.image must have either build or reference (got both). Remove one of the two.",
    ],
    [
      "empty context",
      { image: { build: { context: "" } } },
      'service.image.build.context is empty. Write the folder to build, such as "./shop".',
    ],
    [
      "computed image",
      { image: output({ build: { context: "." } }) },
      "service.image must be plain data (got an Output). It decides what is created, so it must be known before anything is: pass the value itself.",
    ],
  ];
  test.each(cases)("%s", (_, change, line) => {
    expect(lines(checkService, { ...fullest(), ...change })).toEqual([line]);
  });

  test("every problem is told at once", () => {
    const broken = {
      image: {},
      port: 70000,
      health: { readiness: { path: "" } },
      replicas: { count: 1, max: 2 },
      colour: 1,
    };
    expect(checkService(broken as never, "args.service").map((problem) => problem.path)).toEqual([
      "args.service.port",
      "args.service.health.readiness.path",
      "args.service.colour",
      "args.service.image",
      "args.service.replicas",
    ]);
  });

  test("no value of a variable or of a build argument is shown", () => {
    const secret = "hunter2";
    const broken = {
      ...fullest(),
      env: { "a b": secret, C: `${secret}\0`, D: [secret] },
      [secret.slice(0, 3)]: secret,
    };
    broken.image.build.args = { "1": secret } as never;
    const told = lines(checkService, broken);
    expect(told).toHaveLength(5);
    expect(told.join()).not.toContain(secret);
  });

  test("long values are shortened, on one line", () => {
    const [problem] = checkService({ ...service, stopTimeout: "x\n".repeat(500) } as never);
    expect(problem?.got?.length).toBeLessThan(110);
    expect(problem?.got).not.toContain("\n");
  });

  test.each([undefined, null, 3, "service", [], [service], () => service, Promise.resolve(service), output(service)])(
    "something else than a service is one problem or several, never an exception: %#",
    (value) => expect(checkService(value as never).length).toBeGreaterThan(0),
  );
});

describe("image reference", () => {
  test.each([
    [
      "shop:1.2",
      /^image\.reference must end with a digest, since a tag may move \(got "shop:1\.2"\)\. Add "@sha256:…": docker buildx imagetools inspect shop:1\.2 prints the digest\.$/,
    ],
    [`shop@sha256:${"0A".repeat(32)}`, /must end with "@sha256:" and 64 digits or letters a to f/],
    ["shop@sha256:1234", /must end with "@sha256:"/],
    [`shop@${digest}x`, /must end with "@sha256:"/],
    [`@${digest}`, /must name a repository and a digest/],
    [`a b@${digest}`, /must name a repository and a digest/],
    ["", /must name a repository and a digest/],
  ])("%s", (reference, line) => {
    expect(lines(checkImage, { reference })).toEqual([expect.stringMatching(line)]);
  });
});

describe("release", () => {
  const steps = (...weights: unknown[]) => ({ canary: { steps: weights.map((weight) => ({ weight })) } });
  const cases: [string, object, string][] = [
    [
      "unsorted",
      steps(25, 10),
      "release.canary.steps[1].weight must be larger than the step before it (got 10 after 25). Sort the steps by weight.",
    ],
    [
      "equal",
      steps(25, 25),
      "release.canary.steps[1].weight must be larger than the step before it (got 25 after 25). Sort the steps by weight.",
    ],
    [
      "weight 0",
      steps(0),
      "release.canary.steps[0].weight must be a number above 0 and below 100 (got 0). Give a number above 0 and below 100.",
    ],
    [
      "weight 100",
      steps(50, 100),
      "release.canary.steps[1].weight must be a number above 0 and below 100 (got 100). Give a number above 0 and below 100.",
    ],
    [
      "no steps",
      steps(),
      "release.canary.steps is empty. Add a step, or leave out steps for 10, 25, 50 and 75 percent.",
    ],
    [
      "hold without unit",
      { canary: { steps: [{ weight: 1, hold: "300" }] } },
      'release.canary.steps[0].hold must be a time of at most a year, with its unit (got "300"). Write a number with a unit: "300s", "5m".',
    ],
    [
      "hold as number",
      { canary: { steps: [{ weight: 1, hold: 300 }] } },
      'release.canary.steps[0].hold must be a time of at most a year, with its unit, not a bare number (got 300). Write a number with a unit: "300s", "5m".',
    ],
    [
      "hold negative",
      { canary: { steps: [{ weight: 1, hold: "-5s" }] } },
      'release.canary.steps[0].hold must be a time of at most a year, with its unit (got "-5s"). Write a number with a unit: "300s", "5m".',
    ],
    [
      "hold zero",
      { canary: { steps: [{ weight: 1, hold: "0s" }] } },
      'release.canary.steps[0].hold must be longer than zero (got "0s"). Write a number with a unit: "300s", "5m".',
    ],
    [
      "gate",
      { canary: { steps: [{ weight: 1, gate: "maybe" }] } },
      'release.canary.steps[0].gate must be one of "auto", "manual", "verdict" (got "maybe"). Choose one of them.',
    ],
    [
      "two strategies",
      { canary: {}, rolling: {} },
      "release must have at most one strategy (got rolling, canary). Keep one of them.",
    ],
    [
      "flag as text",
      { immediate: { skipBake: "yes" } },
      'release.immediate.skipBake must be true or false (got "yes"). Write true or false, without quotes.',
    ],
    [
      "promote without data",
      { analysis: { onNoData: "promote" } },
      'release.analysis.onNoData must be one of "wait", "pause", "rollback" (got "promote"). Choose one of them.',
    ],
    [
      "ratio above 1",
      { analysis: { threshold: { maxErrorRatio: 5 } } },
      "release.analysis.threshold.maxErrorRatio must be a number from 0 to 1 (got 5). Give a number from 0 to 1.",
    ],
    [
      "steps as object",
      { canary: { steps: {} } },
      'release.canary.steps must be a list (got an object). Write it like [{ weight: 10, hold: "300s" }].',
    ],
    [
      "step as number",
      { canary: { steps: [10] } },
      'release.canary.steps[0] must be an object (got a number). Write it like { weight: 10, hold: "300s" }.',
    ],
    [
      "unknown key in a step",
      { canary: { steps: [{ weight: 1, holds: "1s" }] } },
      "release.canary.steps[0].holds is not a known setting. Did you mean hold?",
    ],
  ];
  test.each(cases)("%s", (_, release, line) => expect(lines(checkRelease, release)).toEqual([line]));
});

test("objectives", () => {
  expect(lines(checkObjectives, { availability: 99.9, latency: { within: "0s", ratio: 1 } })).toEqual([
    "objectives.availability must be a number above 0 and below 1 (got 99.9). Give a number above 0 and below 1.",
    'objectives.latency.within must be longer than zero (got "0s"). Write a number with a unit: "300s", "5m".',
    "objectives.latency.ratio must be a number above 0 and below 1 (got 1). Give a number above 0 and below 1.",
  ]);
});

describe("names", () => {
  test.each(["a", "shop", "shop-2", "a".repeat(40)])("%s is well", (name) => expect(checkName(name)).toEqual([]));

  test.each([
    ["My Shop", "my-shop"],
    ["2nd shop", "nd-shop"],
    ["a".repeat(41), "a".repeat(40)],
    ["shop-", "shop"],
    ["", "shop"],
    ["--", "shop"],
    [7, "shop"],
    ["shop\n", "shop"],
  ])("%j is refused, with a name that would do", (name, better) => {
    const [problem, ...others] = checkName(name as string);
    expect(others).toEqual([]);
    expect(problem?.fix).toBe(`Write "${better}", for example`);
    expect(checkName(better)).toEqual([]);
  });
});

describe("hosts", () => {
  test("DNS names are well", () => {
    expect(checkHosts(["shop.example.com", "localhost", "xn--bcher-kva.example", "a1.b-2.c"])).toEqual([]);
  });

  test.each([
    "",
    "Shop.example.com",
    "https://x.y",
    "x.y:80",
    "x.y/",
    "*.x.y",
    "-a.b",
    "a-.b",
    "a..b",
    ".a",
    "a b",
    5,
    "a".repeat(64),
    `${"a.".repeat(127)}a`,
  ])("%j is refused", (host) =>
    expect(checkHosts(["a.b", host as string]).map((problem) => problem.path)).toEqual(["hosts[1]"]),
  );

  test("no name twice, and nothing but a list", () => {
    expect(checkHosts(["a.b", "c.d", "a.b"]).map(formatProblem)).toEqual([
      'hosts[2] is the same as hosts[0] (got "a.b"). Remove one of them.',
    ]);
    expect(checkHosts("a.b" as never)).toHaveLength(1);
  });
});
