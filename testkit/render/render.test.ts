import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { expectPreviewStable } from "./preview-stable";
import { UNKNOWN_VALUE } from "./recorded";
import { render } from "./render";

const NETWORK = "docker:index/network:Network";
const CONTAINER = "docker:index/container:Container";

class Pair extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;
  constructor(name: string, args: { image: pulumi.Input<string> }) {
    super("kit:index:Pair", name, args);
    const network = new docker.Network(`${name}-network`, {}, { parent: this });
    const container = new docker.Container(
      name,
      { image: args.image, networksAdvanced: [{ name: network.name }] },
      { parent: this, dependsOn: [network] },
    );
    this.address = pulumi.interpolate`http://${container.hostname}`;
    this.registerOutputs({ address: this.address });
  }
}

describe.each([true, false])("render, preview %s", (preview) => {
  it("records every resource with its inputs, parent and dependencies", async () => {
    const { resources, one, byType, errors } = await render(() => new Pair("web", { image: "app:1" }), { preview });
    expect(errors).toEqual([]);
    expect(resources.map(({ type, name }) => [type, name])).toEqual([
      ["kit:index:Pair", "web"],
      [NETWORK, "web-network"],
      [CONTAINER, "web"],
    ]);
    expect(one("kit:index:Pair")).toEqual({ image: "app:1" });
    expect(one(CONTAINER)).toMatchObject({ image: "app:1" });
    expect(byType("kit:index:Pair")[0]).toMatchObject({ custom: false, id: undefined });
    const [container] = byType(CONTAINER);
    expect(container?.parent).toBe("urn:pulumi:stack::project::kit:index:Pair::web");
    expect(container?.dependencies).toEqual([byType(NETWORK)[0]?.urn]);
  });

  it("knows computed values after an update only", async () => {
    const { value, output, byType, inputsOf } = await render(() => new Pair("web", { image: "app:1" }), { preview });
    const address = await output(value.address);
    expect(address).toEqual(preview ? undefined : expect.stringMatching(/^http:\/\/[0-9a-f]{12}$/));
    expect(byType(NETWORK)[0]?.id).toEqual(preview ? undefined : expect.stringMatching(/^[0-9a-f]{64}$/));
    expect(inputsOf("web-network")).toEqual({});
    expect(byType(CONTAINER)[0]?.inputs).toEqual({
      image: "app:1",
      networksAdvanced: [{ name: preview ? UNKNOWN_VALUE : expect.stringMatching(/^web-network-[0-9a-f]{7}$/) }],
    });
    expect(byType("kit:index:Pair")[0]?.outputs.address).toBe(preview ? UNKNOWN_VALUE : address);
  });

  it("gives configuration and tells it is a preview", async () => {
    const { value } = await render(
      () => ({
        size: new pulumi.Config().requireNumber("size"),
        dry: pulumi.runtime.isDryRun(),
        stack: pulumi.getStack(),
      }),
      { preview, config: { size: "3" }, stack: "dev" },
    );
    expect(value).toEqual({ size: 3, dry: preview, stack: "dev" });
  });

  it("rejects with the callback's own error", async () => {
    const error = new TypeError("no such thing");
    await expect(
      render(
        () => {
          new docker.Network("n");
          throw error;
        },
        { preview },
      ),
    ).rejects.toBe(error);
  });

  it("finds a secret's plain text outside a wrapper, and only there", async () => {
    const leaky = (password: pulumi.Output<string>, plainly: string) => () => {
      new docker.Container("db", {
        image: "db",
        envs: [pulumi.interpolate`PASSWORD=${password}`, `COPY=${plainly}`],
        labels: [{ label: "note", value: plainly }],
      });
    };
    const run = await render(leaky(pulumi.secret("hunter22"), "hunter22"), { preview });
    const urn = run.resources[0]?.urn;
    expect(run.secretsLeaked()).toEqual([`${urn}: envs[1]`, `${urn}: labels[0].value`]);
    const clean = await render(leaky(pulumi.secret("hunter22"), "none"), { preview });
    expect(clean.secretsLeaked()).toEqual([]);
  });
});

it("finds a secret of the configuration", async () => {
  const build = () => new docker.Volume("v", { driverOpts: { token: new pulumi.Config().require("token") } });
  const { secretsLeaked } = await render(build, { config: { token: "s3cr3t-token" }, secretConfigKeys: ["token"] });
  expect(secretsLeaked()).toEqual(["urn:pulumi:stack::project::docker:index/volume:Volume::v: driverOpts.token"]);
});

it("leaves nothing of one run to the next", async () => {
  await render(() => new docker.Network("a"), { preview: true, config: { size: "3" }, project: "one", stack: "dev" });
  const { value, resources, byType } = await render(() => {
    new docker.Network("b");
    return [new pulumi.Config().get("size"), pulumi.getProject(), pulumi.getStack(), pulumi.runtime.isDryRun()];
  });
  expect(value).toEqual([undefined, "project", "stack", false]);
  expect(resources.map(({ name }) => name)).toEqual(["b"]);
  expect(byType(NETWORK)[0]?.id).toBeDefined();
});

it("keeps programs apart that are started together", async () => {
  const names = ["a", "b", "c"];
  const runs = await Promise.all(
    names.map((name) =>
      render(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          new docker.Network(name);
          return pulumi.getStack();
        },
        { stack: name },
      ),
    ),
  );
  expect(runs.map(({ value, resources }) => [value, resources.map((r) => r.name)])).toEqual(names.map((n) => [n, [n]]));
});

it("waits for resources declared one inside the other", async () => {
  const { resources } = await render(() => {
    const declare = (depth: number): void => {
      const network = new docker.Network(`n${depth}`);
      if (depth < 5) network.id.apply(() => declare(depth + 1));
    };
    declare(0);
  });
  expect(resources.map(({ name }) => name)).toEqual(["n0", "n1", "n2", "n3", "n4", "n5"]);
});

it("collects errors of callbacks and registrations, and lets the next run be", async () => {
  const { errors } = await render(() => {
    new docker.Network("n").id.apply(() => {
      throw new Error("bad id");
    });
  });
  expect(errors.map(({ message }) => message)).toEqual(["bad id"]);
  const failed = await render(() => new docker.Network("n"), {
    newResource: () => {
      throw new Error("quota");
    },
  });
  expect(failed.errors.map(({ message }) => message).join()).toContain("quota");
  expect((await render(() => new docker.Network("n"))).errors).toEqual([]);
});

it("takes outputs of the test's own, keeps secret inputs secret, and answers stack references", async () => {
  const { value, output } = await render(
    () => {
      const container = new docker.Container("c", { image: "app", command: pulumi.secret(["run"]) });
      const other = new pulumi.StackReference("org/p/base");
      return { hostname: container.hostname, command: container.command, vpc: other.getOutput("vpc") };
    },
    {
      newResource: ({ type }) => (type === CONTAINER ? { hostname: "h1" } : undefined),
      stackReferences: { "org/p/base": { vpc: "vpc-1" } },
    },
  );
  expect(await output(value.hostname)).toBe("h1");
  expect(await pulumi.isSecret(value.command)).toBe(true);
  expect(await output(value.command)).toEqual(["run"]);
  expect(await output(value.vpc)).toBe("vpc-1");
});

it("restores the depth of stack traces", async () => {
  const before = Error.stackTraceLimit;
  await render(() => undefined);
  await render(() => Promise.reject(new Error("x"))).catch(() => undefined);
  expect(Error.stackTraceLimit).toBe(before);
});

it("names what one() found when it is not one", async () => {
  const { one } = await render(() => new docker.Network("n"));
  expect(() => one(CONTAINER)).toThrow(
    /expected exactly one resource of type docker:index\/container:Container, found 0.*Network "n"/,
  );
});

describe("expectPreviewStable", () => {
  it("accepts a program whose graph needs no unknown value", async () => {
    const { update } = await expectPreviewStable(() => new Pair("web", { image: "app" }));
    expect(update.resources).toHaveLength(3);
  });

  it("names what a preview misses", async () => {
    const hidden = () => {
      new docker.Network("first").id.apply(() => new docker.Network("second"));
    };
    await expect(expectPreviewStable(hidden)).rejects.toThrow(/only in the update: .*::second/);
  });
});
