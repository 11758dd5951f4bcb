import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../shared/wire";
import { DockerProvider } from "./provider";

const provider = new DockerProvider("5.2.0");
const CONTAINER = {
  urn: "urn:pulumi:s::p::docker:index/container:Container::app",
  type: "docker:index/container:Container",
  name: "app",
};
const NETWORK = { ...CONTAINER, type: "docker:index/network:Network" };
const IMAGE = { ...CONTAINER, type: "docker:index/image:Image" };
const base = { image: "a", name: "app-1234567", __defaults: ["name"] };
const diff = (
  key: typeof CONTAINER,
  oldInputs: Record<string, unknown>,
  inputs: Record<string, unknown>,
  oldOutputs = {},
) => provider.diff({ ...key, id: "id", oldInputs, inputs, oldOutputs });

describe("diff", () => {
  it("sees no change in the order of a set, in a default written out, or in an empty list", async () => {
    const old = {
      ...base,
      envs: ["A=1", "B=2"],
      labels: [
        { label: "a", value: "1" },
        { label: "b", value: "2" },
      ],
    };
    const now = {
      ...base,
      envs: ["B=2", "A=1"],
      labels: [
        { value: "2", label: "b" },
        { label: "a", value: "1" },
      ],
      readOnly: false,
      rm: false,
      dns: [],
    };
    expect(await diff(CONTAINER, old, now)).toEqual({ changed: [], replaces: [], deleteBeforeReplace: false });
  });

  it("replaces a container, the old one first, and updates its limits in place", async () => {
    expect(await diff(CONTAINER, { ...base, command: ["a"] }, { ...base, command: ["b"] })).toEqual({
      changed: ["command"],
      replaces: ["command"],
      deleteBeforeReplace: true,
    });
    expect(await diff(CONTAINER, { ...base, memory: 1 }, { ...base, memory: 2, restart: "always" })).toEqual({
      changed: ["restart", "memory"],
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  it("starts a container that was found stopped, unless it may stop", async () => {
    expect((await diff(CONTAINER, base, base, { mustRun: false })).changed).toEqual(["mustRun"]);
    const may = { ...base, mustRun: false };
    expect((await diff(CONTAINER, may, may, { mustRun: false })).changed).toEqual([]);
  });

  it("replaces a network side by side, unless the program chose its name", async () => {
    const auto = { name: "n-1234567", __defaults: ["name"] };
    expect(await diff(NETWORK, auto, { ...auto, internal: true })).toMatchObject({
      replaces: ["internal"],
      deleteBeforeReplace: false,
    });
    expect(await diff(NETWORK, { name: "n" }, { name: "n", internal: true })).toMatchObject({
      deleteBeforeReplace: true,
    });
    expect(await diff(NETWORK, { name: "n" }, { name: "m" })).toMatchObject({
      replaces: ["name"],
      deleteBeforeReplace: false,
    });
  });

  it("counts an unknown value as a change", async () => {
    expect((await diff(CONTAINER, base, { ...base, image: UNKNOWN })).replaces).toEqual(["image"]);
  });

  it("ignores an image's credentials, not its server", async () => {
    const old = { imageName: "a", registry: { server: "s", username: "u", password: "p" } };
    expect(
      (await diff(IMAGE, old, { ...old, registry: { server: "s", username: "v", password: "q" } })).changed,
    ).toEqual([]);
    expect((await diff(IMAGE, old, { ...old, registry: { ...old.registry, server: "t" } })).changed).toEqual([
      "registry",
    ]);
  });
});

it("refuses a type it does not serve, with what it does", async () => {
  await expect(diff({ ...CONTAINER, type: "docker:index/service:Service" }, {}, {})).rejects.toThrow(
    /does not serve docker:index\/service:Service\. Install the official docker plugin, or use one of docker:index\/network:Network/,
  );
});

it("plans without a host: inputs and defaults are known, the rest is not", async () => {
  const call = { ...CONTAINER, preview: true, log: () => {} };
  const planned = await provider.create({ ...call, inputs: base });
  expect(planned.id).toBe("");
  expect(planned.outputs).toMatchObject({ image: "a", name: "app-1234567", mustRun: true, networkDatas: UNKNOWN });
  const updated = await provider.update({
    ...call,
    id: "id",
    inputs: { ...base, memory: 1 },
    oldInputs: base,
    oldOutputs: { networkDatas: [] },
  });
  expect(updated).toMatchObject({ memory: 1, networkDatas: [] });
});
