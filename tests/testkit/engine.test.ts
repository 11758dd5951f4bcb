import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Engine, EngineError, type EngineOptions, type Fault, type RunningOperation } from "../../testkit";

const workDir = join(__dirname, "fixtures", "things");
const THING = "acme:store/thing:Thing";
const TOKEN = "token-of-the-test";

const engineOf = (more: Partial<EngineOptions> = {}) =>
  Engine.create({
    workDir,
    config: { size: "1" },
    secretConfig: { token: TOKEN },
    plugins: [{ name: "acme", version: "1.0.0" }],
    ...more,
  });
const failureOf = async (work: Promise<unknown>): Promise<EngineError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
};
const names = (engine: Engine) =>
  engine.cloud
    .objects()
    .map(({ name }) => name)
    .sort();

async function eventually(what: () => boolean, millis = 60_000): Promise<void> {
  const deadline = Date.now() + millis;
  while (!what()) {
    if (Date.now() > deadline) throw new Error(`did not come true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Processes whose environment names the engine's folder: the engine's own, its plugins and its program. */
function processesOf(engine: Engine): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(engine.folder);
    } catch {
      return false;
    }
  });
}

describe("a program of a folder", () => {
  it("is deployed, found unchanged, changed, drifted and destroyed, with its secret kept", async () => {
    const before = readdirSync(workDir).map((name) => [name, statSync(join(workDir, name)).mtimeMs]);
    await using engine = await engineOf();
    expect(engine.plugins).toEqual([{ name: "acme", version: "1.0.0", source: "testkit" }]);
    const first = await engine.up();
    expect(first.changes).toEqual({ create: 4 });
    expect(readFileSync(join(engine.folder, "home", "logs"), "utf8"), "the engine keeps a log").toBe("");
    expect(first.exitCode).toBe(0);
    expect(names(engine)).toEqual(["first", "second", "third"]);
    await engine.preview({ expectNoChanges: true });

    expect(engine.stateText()).not.toContain(TOKEN);
    expect(JSON.stringify(engine.cloud.calls())).not.toContain(TOKEN);
    expect(first.stdout + JSON.stringify(first.events)).not.toContain(TOKEN);
    const [object] = engine.cloud.objects().filter(({ name }) => name === "first");
    // The cloud itself has to know it.
    expect(object?.inputs.token).toBe(TOKEN);

    await engine.setConfig("size", "5");
    expect((await engine.preview()).changes).toEqual({ same: 3, update: 1 });
    expect((await engine.up()).changes).toEqual({ same: 3, update: 1 });
    engine.cloud.drift(THING, object?.id ?? "", { size: 9 });
    expect((await engine.refresh()).changes).toMatchObject({ update: 1 });
    expect((await engine.up()).changes).toMatchObject({ update: 1 });
    expect(engine.cloud.get(THING, object?.id ?? "")?.outputs.size).toBe(5);

    await engine.destroy();
    expect(engine.cloud.objects()).toEqual([]);
    expect(readdirSync(workDir).map((name) => [name, statSync(join(workDir, name)).mtimeMs])).toEqual(before);
  });

  it("fails with what the engine reports, and says which expectation did not hold", async () => {
    await using engine = await engineOf();
    const error = await failureOf(engine.preview({ expectNoChanges: true }));
    expect(error.exitCode).not.toBe(0);
    expect(error.message).toContain("pulumi preview failed");
    expect(error.message).toContain("no changes were expected");
  });

  it("keeps the CLI's own log where it is asked to", async () => {
    await using engine = await engineOf({ cliLog: true });
    await engine.preview();
    expect(readdirSync(join(engine.folder, "home", "logs"))).toContainEqual(expect.stringMatching(/\.log$/));
  });

  it("names a missing plugin instead of looking for it in the network", async () => {
    await using engine = await engineOf({ plugins: [] });
    expect((await failureOf(engine.up())).message).toMatch(/acme/);
  });
});

describe("an operation that is killed", () => {
  /** Starts `up` and waits until it stands at the fault. */
  async function upTo(engine: Engine, fault: Omit<Fault, "operation" | "match">): Promise<RunningOperation> {
    engine.cloud.fault({ operation: "create", match: "second", ...fault });
    const run = engine.start("up");
    await eventually(() =>
      engine.cloud.calls("create").some(({ name, preview }) => name === "second" && preview !== true),
    );
    if (fault.when === "after") await eventually(() => names(engine).includes("second"));
    return run;
  }
  const pause = { do: "pause", file: "/nonexistent/never" } as const;

  it("before the cloud has changed leaves a pending creation, and the next up makes everything once", async () => {
    await using engine = await engineOf();
    const run = await upTo(engine, { action: pause });
    const end = await run.kill("SIGKILL");
    expect(end.signal).toBe("SIGKILL");
    expect(processesOf(engine)).toEqual([]);
    const state = await engine.exportState();
    expect(state.pending_operations?.map(({ type, resource }) => [type, resource.urn.split("::").pop()])).toEqual([
      ["creating", "second"],
    ]);

    expect((await failureOf(engine.up())).message).toMatch(/locked/);
    await engine.cancel();
    engine.cloud.clearFaults();
    await engine.refresh({ clearPendingCreates: true });
    expect((await engine.up()).changes).toMatchObject({ create: 2 });
    expect(names(engine)).toEqual(["first", "second", "third"]);
  });

  it("after the cloud has changed leaves an orphan that can be counted", async () => {
    await using engine = await engineOf();
    await (await upTo(engine, { action: pause, when: "after" })).kill();
    await engine.cancel();
    engine.cloud.clearFaults();
    await engine.refresh({ clearPendingCreates: true });
    await engine.up();
    expect(names(engine)).toEqual(["first", "second", "second", "third"]);
    expect(new Set(engine.cloud.objects().map(({ id }) => id)).size).toBe(4);
  });

  it("keeps a second one out while it runs, and goes on when its pause ends", async () => {
    await using engine = await engineOf();
    const file = join(engine.folder, "go-on");
    const run = await upTo(engine, { action: { do: "pause", file } });
    await run.waitFor(/second/);
    expect((await failureOf(engine.up())).message).toMatch(/locked/);
    writeFileSync(file, "");
    const { exitCode, changes, events } = await run.done;
    expect([exitCode, changes]).toEqual([0, { create: 4 }]);
    expect(events.some(({ summaryEvent }) => summaryEvent !== undefined)).toBe(true);
  });

  it("by Ctrl-C saves its state and gives its lock back", async () => {
    await using engine = await engineOf();
    const file = join(engine.folder, "go-on");
    const run = await upTo(engine, { action: { do: "pause", file } });
    run.interrupt("SIGINT");
    await run.waitFor(/cancel/i);
    writeFileSync(file, "");
    expect((await run.done).exitCode).not.toBe(0);
    engine.cloud.clearFaults();
    await engine.up();
    expect(names(engine)).toEqual(["first", "second", "third"]);
  });

  it("ends with the engine when the test ends", async () => {
    let folder = "";
    let left: Engine | undefined;
    {
      await using engine = await engineOf();
      await upTo(engine, { action: pause });
      expect(processesOf(engine).length).toBeGreaterThan(2);
      folder = engine.folder;
      left = engine;
    }
    expect(existsSync(folder)).toBe(false);
    expect(processesOf(left)).toEqual([]);
  });
});

describe("a fault of the cloud", () => {
  it("is an error that names the resource; the next up goes on", async () => {
    await using engine = await engineOf();
    engine.cloud.fault({
      operation: "create",
      match: "second",
      nth: 1,
      action: { do: "error", message: `quota for ${TOKEN} exceeded` },
    });
    const error = await failureOf(engine.up());
    expect(error.message).toContain("quota for");
    expect(error.events.some(({ diagnosticEvent }) => diagnosticEvent?.urn?.endsWith("::second"))).toBe(true);
    expect((await engine.up()).changes).toMatchObject({ create: 2 });
  });

  it("that ends the plugin leaves the rest; the next up creates exactly one", async () => {
    await using engine = await engineOf();
    engine.cloud.fault({ operation: "create", match: "third", nth: 1, action: { do: "crash" } });
    await failureOf(engine.up());
    expect(names(engine)).toEqual(["first", "second"]);
    await engine.up();
    expect(names(engine)).toEqual(["first", "second", "third"]);
  });

  it("that leaves a half-made object is repaired, not made again", async () => {
    await using engine = await engineOf();
    engine.cloud.fault({
      operation: "create",
      match: "first",
      nth: 1,
      action: { do: "partial", message: "not ready" },
    });
    expect((await failureOf(engine.up())).message).toContain("not ready");
    const half = (await engine.exportState()).resources?.find(({ urn }) => urn.endsWith("::first"));
    expect(half?.initErrors).toEqual(["not ready"]);
    expect((await engine.up()).changes).toMatchObject({ update: 1, create: 2 });
    expect(names(engine)).toEqual(["first", "second", "third"]);
  });

  it("that takes an object away is seen by a refresh", async () => {
    await using engine = await engineOf();
    await engine.up();
    const third = engine.cloud.objects().find(({ name }) => name === "third");
    engine.cloud.remove(THING, third?.id ?? "");
    expect((await engine.refresh()).changes).toMatchObject({ delete: 1 });
    expect((await engine.up()).changes).toMatchObject({ create: 1 });
  });
});

describe("an inline program", () => {
  it("runs beside others, can be replaced, and gives its outputs", async () => {
    const make = (text: string) =>
      Engine.create({
        config: { text },
        program: async () => ({ text: new pulumi.Config().require("text"), stack: pulumi.getStack() }),
      });
    await using one = await make("one");
    await using two = await make("two");
    const [first, second] = await Promise.all([one.up(), two.up()]);
    expect(first.outputs).toEqual({ text: "one", stack: one.stackName });
    expect(second.outputs).toEqual({ text: "two", stack: two.stackName });
    one.setProgram(async () => ({ text: "replaced" }));
    await one.up();
    expect(await one.outputs()).toEqual({ text: "replaced" });
    expect(() => one.start("up")).toThrow(/needs workDir/);
  });

  it("uses a plugin of the test's own by its path", async () => {
    await using engine = await Engine.create({
      plugins: [{ name: "acme", version: "2.0.0", from: process.execPath }],
      program: async () => {},
    });
    expect(engine.plugins[0]?.source).toBe("path");
    await expect(
      Engine.create({
        plugins: [{ name: "acme", version: "2.0.0", from: "/no/such/plugin" }],
        program: async () => {},
      }),
    ).rejects.toThrow("The plugin for acme does not exist (got /no/such/plugin).");
  });
});

it("names the tool that is missing, and leaves no folder behind", async () => {
  const [before, temporary] = [process.env.TMPDIR, mkdtempSync(join(tmpdir(), "headgate-missing-"))];
  process.env.TMPDIR = temporary;
  try {
    const create = Engine.create({ program: async () => {}, env: { PATH: "/nowhere" } });
    await expect(create).rejects.toThrow("Engine: pulumi is not on PATH.");
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(temporary, { recursive: true });
  }
});

it("takes exactly one kind of program", async () => {
  await expect(Engine.create({})).rejects.toThrow("give exactly one of program and workDir");
});
