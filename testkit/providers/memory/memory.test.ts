import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IncompleteResource } from "../shared/provider";
import { UNKNOWN } from "../shared/wire";
import { MemoryCloud } from "./cloud";
import { MemoryProvider } from "./provider";

const KEY = {
  urn: "urn:pulumi:s::p::aws:ecr/repository:Repository::repo",
  type: "aws:ecr/repository:Repository",
  name: "repo",
};
let folder: string;
let cloud: MemoryCloud;
let provider: MemoryProvider;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-cloud-"));
  cloud = new MemoryCloud(folder);
  provider = new MemoryProvider("1.0.0", cloud);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = (inputs: Record<string, unknown> = {}, preview = false) =>
  provider.create({ ...KEY, inputs, preview, log: () => {} });
const update = (id: string, inputs: Record<string, unknown>) =>
  provider.update({ ...KEY, id, inputs, oldInputs: {}, oldOutputs: {}, preview: false, log: () => {} });

it("gives the same identity to the same resource, and another one to a replacement beside it", async () => {
  const first = await create();
  expect(first.outputs.arn).toMatch(/^arn:aws:ecr:us-east-1:123456789012:repository\/repo-[0-9a-f]{7}$/);
  const second = await create();
  expect(second.id).not.toBe(first.id);
  cloud.remove(KEY.type, first.id);
  expect((await create()).id).toBe(first.id);
});

it("refuses a second object with a name the program chose", async () => {
  await create({ name: "mine" });
  await expect(create({ name: "mine" })).rejects.toThrow(/exists already/);
});

it("plans without making anything", async () => {
  const planned = await create({ size: 1 }, true);
  expect(planned).toMatchObject({ id: "", outputs: { size: 1, arn: UNKNOWN } });
  expect(cloud.objects()).toEqual([]);
  expect(cloud.calls("create")).toMatchObject([{ preview: true }]);
});

it("reads what is there, changed or gone, and forgets what was dropped", async () => {
  const { id } = await create({ size: 1, old: true });
  await update(id, { size: 2 });
  expect(await provider.read({ ...KEY, id, inputs: { size: 2 }, outputs: {} })).toMatchObject({ inputs: { size: 2 } });
  cloud.drift(KEY.type, id, { size: 7 });
  expect(await provider.read({ ...KEY, id, inputs: { size: 2 }, outputs: {} })).toMatchObject({
    inputs: { size: 7 },
    outputs: { size: 7 },
  });
  await provider.delete({ ...KEY, id, inputs: {}, outputs: {} });
  await provider.delete({ ...KEY, id, inputs: {}, outputs: {} });
  expect(await provider.read({ ...KEY, id, inputs: {}, outputs: {} })).toBeUndefined();
  await expect(update(id, { size: 3 })).rejects.toThrow(/does not exist any more/);
});

it("replaces for a name and a region, and updates for the rest, whatever the order of keys", async () => {
  const diff = (oldInputs: Record<string, unknown>, inputs: Record<string, unknown>) =>
    provider.diff({ ...KEY, id: "i", oldInputs, inputs, oldOutputs: {} });
  expect(await diff({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toMatchObject({ changed: [], replaces: [] });
  expect(await diff({ name: "a", size: 1 }, { name: "b", size: 2 })).toMatchObject({
    changed: ["name", "size"],
    replaces: ["name"],
  });
  expect(
    await diff({ metadata: { name: "a", labels: {} } }, { metadata: { name: "a", labels: { x: "1" } } }),
  ).toMatchObject({ changed: ["metadata"], replaces: [] });
  expect(await diff({ metadata: { name: "a" } }, { metadata: { name: "b" } })).toMatchObject({
    replaces: ["metadata"],
  });
});

describe("faults", () => {
  it("strike the n-th matching call since they were set, and only that", async () => {
    await create();
    cloud.fault({ operation: "create", match: "ecr", nth: 2, action: { do: "error", message: "quota" } });
    cloud.fault({ operation: "create", match: "sqs", action: { do: "error", message: "never" } });
    await create({}, true);
    await create();
    await expect(create()).rejects.toThrow("quota");
    await create();
    expect(cloud.objects()).toHaveLength(3);
  });

  it("before a change leave the cloud as it was, after it not", async () => {
    cloud.fault({ operation: "create", nth: 1, action: { do: "error", message: "before" } });
    cloud.fault({ operation: "create", nth: 2, when: "after", action: { do: "error", message: "after" } });
    await expect(create()).rejects.toThrow("before");
    expect(cloud.objects()).toEqual([]);
    await expect(create()).rejects.toThrow("after");
    expect(cloud.objects()).toHaveLength(1);
  });

  it("leave half-made objects with their identity", async () => {
    cloud.fault({ operation: "create", nth: 1, action: { do: "partial", message: "not ready" } });
    const error = await create().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IncompleteResource);
    expect((error as IncompleteResource).id).toBe(cloud.objects()[0]?.id);
  });

  it("hold a call until a file exists, or for good", async () => {
    const file = join(folder, "go");
    cloud.fault({ operation: "create", nth: 1, action: { do: "pause", file } });
    const call = create();
    const early = await Promise.race([
      call.then(() => "done"),
      new Promise((resolve) => setTimeout(() => resolve("waiting"), 150)),
    ]);
    expect(early).toBe("waiting");
    writeFileSync(file, "");
    await call;
    cloud.fault({ operation: "create", nth: 1, action: { do: "hang" } });
    const hung = await Promise.race([
      create().then(() => "done"),
      new Promise((resolve) => setTimeout(() => resolve("waiting"), 150)),
    ]);
    expect(hung).toBe("waiting");
  });

  it("are gone when they are cleared", async () => {
    cloud.fault({ operation: "create", action: { do: "error", message: "always" } });
    await expect(create()).rejects.toThrow("always");
    cloud.clearFaults();
    await create();
  });
});
