import { afterAll, beforeAll, expect, test } from "vitest";
import { type LoadReport, startLoad } from "../../demo/load";
import { EngineError } from "../../testkit";
import { copies, docker, leftovers, QUICK_CANARY, TestStack, versionsSeen } from "./harness";

/** Load as the release contract names it. */
const RATE_PER_SECOND = 200;
const FEWEST_REQUESTS = 20_000;

let stack: TestStack;
let handle: Awaited<ReturnType<TestStack["handle"]>>;
const SECRET = "correct-horse-battery-staple";

beforeAll(async () => {
  stack = await TestStack.create({ secretFiles: ["GREETING_SECRET"] }, { secretConfig: { GREETING_SECRET: SECRET } });
  await stack.engine.up();
  handle = await stack.handle();
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

/** Runs work under load; the load goes on until enough requests were sent, and a little beyond the end. */
async function underLoad(work: () => Promise<void>, fewest = FEWEST_REQUESTS): Promise<LoadReport> {
  const load = startLoad({ url: stack.url, ratePerSecond: RATE_PER_SECOND, connections: 20 });
  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  try {
    await pause(2);
    await work();
    const sent = load.samples.reduce((sum, sample) => sum + sample.sent, 0);
    await pause(Math.max(2, (fewest - sent) / RATE_PER_SECOND + 1));
  } finally {
    await load.stop();
  }
  return load.stop();
}

test("The first release takes all traffic", async () => {
  expect(await versionsSeen(stack.url, 10)).toEqual({ "1.0.0": 10 });
  expect(await copies(handle.prefix)).toEqual(["r1-1", "r1-2"]);
});

test("A second up has nothing to do", async () => {
  const { changes } = await stack.engine.up({ expectNoChanges: true });
  expect(Object.keys(changes)).toEqual(["same"]);
  await stack.engine.preview({ expectNoChanges: true });
});

test("A refresh finds no drift", async () => {
  const { changes } = await stack.engine.refresh();
  expect(changes["update"] ?? 0).toBe(0);
  await stack.engine.preview({ expectNoChanges: true });
});

test("A good canary loses no request", async () => {
  await stack.version("1.1.0");
  const report = await underLoad(async () => {
    const { stdout } = await stack.engine.up();
    expect(stdout).toMatch(/10 % .*requests .*errors \(old .*\) +\d+ s left/);
    expect(stdout).toMatch(/50 % .*requests .*errors/);
    expect(stdout).toContain("promoted");
  });
  expect(report).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(report.sent).toBeGreaterThanOrEqual(FEWEST_REQUESTS);
  expect(Object.keys(report.byVersion).sort()).toEqual(["1.0.0", "1.1.0"]);
  expect(await versionsSeen(stack.url, 10)).toEqual({ "1.1.0": 10 });
  expect(await copies(handle.prefix)).toEqual(["r2-1", "r2-2"]);
});

test("A bad canary is taken back with its numbers, and costs only the errors it made itself", async () => {
  const digest = (await stack.engine.outputs())["digests"] as { hello: string };
  await stack.version("1.2.0", 0.05);
  let failure: unknown;
  const report = await underLoad(async () => {
    failure = await stack.engine.up().catch((error: unknown) => error);
  }, 0);
  expect(failure).toBeInstanceOf(EngineError);
  const { message, exitCode } = failure as EngineError;
  expect(exitCode).not.toBe(0);
  expect(message).toMatch(
    /DockerService "hello": release sha256:[0-9a-f]{12}… was taken back after \d+ s: at (10|50) %/,
  );
  expect(message).toMatch(/[\d.]+ % of its [\d,]+ requests failed/);
  expect(message).toContain(`All traffic is on ${digest.hello.slice(0, 19)}… again`);
  expect(report).toMatchObject({ errors: 0, errorCodes: {} });
  expect(report.byVersion["1.2.0"]?.failed).toBeGreaterThan(0);
  expect(report.failed).toBe(report.byVersion["1.2.0"]?.failed);
  expect(await versionsSeen(stack.url, 30)).toEqual({ "1.1.0": 30 });
  expect(await copies(handle.prefix)).toEqual(["r2-1", "r2-2"]);
});

test("The same image is refused until retry changes", async () => {
  await expect(stack.engine.up()).rejects.toThrow(/was taken back before .*pulumi config set headgate:retry 1/);
  expect(await copies(handle.prefix)).toEqual(["r2-1", "r2-2"]);
  await stack.version("1.1.0");
  await stack.engine.up();
  await stack.engine.preview({ expectNoChanges: true });
});

test("A good blue-green release loses no request", async () => {
  await stack.set("release", { blueGreen: { promoteAfter: "2s" }, analysis: QUICK_CANARY.analysis, bake: "5s" });
  await stack.version("2.0.0");
  const report = await underLoad(async () => {
    await stack.engine.up();
  });
  expect(report).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(report.sent).toBeGreaterThanOrEqual(FEWEST_REQUESTS);
  expect(await versionsSeen(stack.url, 10)).toEqual({ "2.0.0": 10 });
});

test("A good rolling release loses no request", async () => {
  await stack.set("release", { rolling: { minReady: "8s" }, analysis: QUICK_CANARY.analysis, bake: "2s" });
  await stack.version("2.1.0");
  const report = await underLoad(async () => {
    await stack.engine.up();
  });
  expect(report).toMatchObject({ failed: 0, errors: 0, errorCodes: {} });
  expect(report.sent).toBeGreaterThanOrEqual(FEWEST_REQUESTS);
  expect(await versionsSeen(stack.url, 10)).toEqual({ "2.1.0": 10 });
});

test("A secret reaches the container as a file and is readable nowhere else", async () => {
  expect(await (await fetch(`${stack.url}secret-length`)).text()).toContain(String(SECRET.length));
  const containers = await docker.listContainers({ all: true, filters: { label: [`headgate.host=${handle.prefix}`] } });
  const seen: string[] = [stack.engine.stateText()];
  for (const { Id } of containers) {
    const container = docker.getContainer(Id);
    seen.push(JSON.stringify(await container.inspect()));
    seen.push((await container.logs({ stdout: true, stderr: true })).toString());
  }
  const journal = await docker.getContainer(handle.guard).getArchive({ path: "/volumes/state" });
  for await (const chunk of journal) seen.push(chunk.toString());
  expect(seen.join("\n")).toContain("hello");
  expect(seen.filter((text) => text.includes(SECRET))).toEqual([]);
  expect(seen.filter((text) => text.includes(Buffer.from(SECRET).toString("base64")))).toEqual([]);
});

test("No source of the library and no secret is in the state", () => {
  const text = stack.engine.stateText();
  expect(text).not.toContain("dockerode");
  expect(text.match(/createRequire\(process\.cwd\(\)/g)?.length).toBeGreaterThan(0);
});

test("Containers are locked down, and none holds the Docker socket", async () => {
  const containers = await docker.listContainers({ filters: { label: [`headgate.host=${handle.prefix}`] } });
  expect(containers.length).toBeGreaterThanOrEqual(7);
  for (const { Id } of containers) {
    const { Name, Config, HostConfig, Mounts } = await docker.getContainer(Id).inspect();
    expect.soft(HostConfig.ReadonlyRootfs, Name).toBe(true);
    expect.soft(HostConfig.CapDrop, Name).toContain("ALL");
    expect.soft(HostConfig.Memory, Name).toBeGreaterThan(0);
    expect.soft(HostConfig.PidsLimit, Name).toBeGreaterThan(0);
    expect.soft(Config.User, Name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect.soft(HostConfig.SecurityOpt, Name).toContain("no-new-privileges");
    expect.soft(JSON.stringify(Mounts), Name).not.toContain("docker.sock");
    for (const bindings of Object.values(HostConfig.PortBindings ?? {}) as { HostIp: string }[][]) {
      for (const { HostIp } of bindings) expect.soft(HostIp, Name).toBe("127.0.0.1");
    }
  }
});

test("Destroy leaves nothing with the stack's label, images and volumes included", async () => {
  expect((await leftovers(handle.prefix)).length).toBeGreaterThan(10);
  await stack.engine.destroy();
  expect(await leftovers(handle.prefix)).toEqual([]);
});
