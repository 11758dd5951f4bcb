import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Engine, EngineError } from "../../testkit";
import { type Busybox, busybox, LABEL } from "./busybox";

const host = new Docker();
const plugins = [{ name: "docker", official: false }];
const SLEEP = ["/bin/sleep", "600"];
let base: Busybox;

beforeAll(async () => {
  base = await busybox();
});
afterAll(async () => {
  await base[Symbol.asyncDispose]();
});

const labels = () => [{ label: LABEL, value: base.image }];
const mine = (extra: string[] = []) =>
  host.listContainers({ all: true, filters: { label: [`${LABEL}=${base.image}`, ...extra] } });
const failure = async (work: Promise<unknown>): Promise<EngineError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
};

async function run(id: string, command: string[]): Promise<string> {
  const exec = await host.getContainer(id).exec({ Cmd: command, AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  return (await text(stream)).trim();
}

describe("a container", () => {
  it("lives a whole life: secrets stay secret, a second up changes nothing, edits replace or update, destroy removes all", async () => {
    const password = "hunter22-in-the-state";
    const settings = { command: SLEEP, memory: 32 };
    await using engine = await Engine.create({
      plugins,
      secretConfig: { password },
      program: async () => {
        const secret = new pulumi.Config().requireSecret("password");
        const network = new docker.Network("net", { labels: labels() });
        const volume = new docker.Volume("vol", { labels: labels() });
        const container = new docker.Container("app", {
          image: base.image,
          labels: labels(),
          command: settings.command,
          memory: settings.memory,
          envs: ["PLAIN=1", pulumi.interpolate`PASSWORD=${secret}`],
          uploads: [{ file: "/data/password", content: secret, permissions: "0400" }],
          volumes: [{ volumeName: volume.name, containerPath: "/data/kept" }],
          networksAdvanced: [{ name: network.name, aliases: ["app.internal"] }],
          destroyGraceSeconds: 0,
        });
        return { id: container.id, name: container.name, address: container.networkDatas[0]?.ipAddress };
      },
    });
    const first = await engine.up();
    expect(first.changes).toEqual({ create: 4 });
    const id = String(first.outputs.id);
    expect(first.outputs.name).toMatch(/^app-[0-9a-f]{7}$/);
    expect(first.outputs.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);

    const info = await host.getContainer(id).inspect();
    expect(info.State.Running).toBe(true);
    expect(info.Config.Env).toEqual(expect.arrayContaining(["PLAIN=1", `PASSWORD=${password}`]));
    expect(info.HostConfig.Memory).toBe(32 * 1024 * 1024);
    expect(Object.keys(info.NetworkSettings.Networks)).toHaveLength(1);
    expect(await run(id, ["/bin/stat", "-c", "%a", "/data/password"])).toBe("400");
    expect(await run(id, ["/bin/cat", "/data/password"])).toBe(password);

    expect(engine.stateText()).not.toContain(password);
    expect(first.stdout + first.stderr + JSON.stringify(first.events)).not.toContain(password);
    await engine.preview({ expectNoChanges: true });
    expect((await engine.up()).changes).toEqual({ same: 4 });

    settings.memory = 48;
    expect((await engine.up()).changes).toEqual({ same: 3, update: 1 });
    expect((await host.getContainer(id).inspect()).HostConfig.Memory).toBe(48 * 1024 * 1024);

    settings.command = ["/bin/sleep", "900"];
    const preview = await engine.preview();
    expect(preview.changes).toEqual({ same: 3, replace: 1 });
    const replaced = await engine.up();
    expect(replaced.changes).toEqual({ same: 3, replace: 1 });
    expect(replaced.outputs.id).not.toBe(id);
    expect(replaced.outputs.name).toMatch(/^app-[0-9a-f]{7}$/);
    expect(await mine()).toHaveLength(1);

    await engine.destroy();
    expect(await mine()).toEqual([]);
    const filters = { label: [`${LABEL}=${base.image}`] };
    expect(await host.listNetworks({ filters })).toEqual([]);
    expect((await host.listVolumes({ filters })).Volumes).toEqual([]);
  });

  it("is made again after somebody deleted it, and started again after somebody stopped it", async () => {
    await using engine = await Engine.create({
      plugins,
      program: async () => ({
        id: new docker.Container("app", { image: base.image, labels: labels(), command: SLEEP }).id,
      }),
    });
    const id = String((await engine.up()).outputs.id);
    await host.getContainer(id).stop({ t: 0 });
    await engine.refresh();
    const started = await engine.up();
    expect(started.changes).toMatchObject({ update: 1 });
    expect(started.outputs.id).toBe(id);
    expect((await host.getContainer(id).inspect()).State.Running).toBe(true);
    await engine.preview({ expectNoChanges: true });

    await host.getContainer(id).remove({ force: true });
    expect((await engine.refresh()).changes).toMatchObject({ delete: 1 });
    const again = await engine.up();
    expect(again.changes).toMatchObject({ create: 1 });
    expect(again.outputs.id).not.toBe(id);
    await host.getContainer(String(again.outputs.id)).remove({ force: true });
    // What is gone already is no hindrance.
    await engine.destroy();
  });

  it("hands every setting to the Docker Engine", async () => {
    await using engine = await Engine.create({
      plugins,
      program: async () => {
        const network = new docker.Network("net", {
          labels: labels(),
          internal: true,
          ipamConfigs: [{ subnet: "10.213.77.0/24" }],
        });
        const container = new docker.Container("app", {
          image: base.image,
          labels: labels(),
          name: `app-${engine.stackName}`,
          entrypoints: ["/bin/sh", "-c"],
          command: ["exec sleep 600"],
          user: "65534:65534",
          readOnly: true,
          init: true,
          hostname: "inside",
          workingDir: "/tmp",
          tmpfs: { "/run": "size=1m,mode=1777" },
          capabilities: { adds: ["CAP_NET_BIND_SERVICE"], drops: ["ALL"] },
          securityOpts: ["no-new-privileges:true"],
          memory: 32,
          memorySwap: 32,
          cpuShares: 256,
          ulimits: [{ name: "nofile", soft: 64, hard: 128 }],
          restart: "on-failure",
          maxRetryCount: 2,
          logDriver: "json-file",
          logOpts: { "max-size": "1m" },
          stopSignal: "SIGTERM",
          stopTimeout: 3,
          dns: ["127.0.0.53"],
          hosts: [{ host: "gateway.test", ip: "127.0.0.1" }],
          healthcheck: { tests: ["CMD", "/bin/true"], interval: "1s", timeout: "2s", retries: 3, startPeriod: "1m30s" },
          wait: true,
          waitTimeout: 20,
          mounts: [{ type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 65536 } }],
          ports: [{ internal: 80, external: 0, ip: "127.0.0.1" }],
          networksAdvanced: [{ name: network.name, ipv4Address: "10.213.77.7" }],
          networkMode: "bridge",
        });
        return { id: container.id, healthcheck: container.healthcheck };
      },
    });
    const { outputs } = await engine.up();
    const { Config, HostConfig, NetworkSettings, Mounts, State, Name } = await host
      .getContainer(String(outputs.id))
      .inspect();
    expect(Name).toBe(`/app-${engine.stackName}`);
    expect(Config).toMatchObject({
      Entrypoint: ["/bin/sh", "-c"],
      Cmd: ["exec sleep 600"],
      User: "65534:65534",
      Hostname: "inside",
      WorkingDir: "/tmp",
      StopSignal: "SIGTERM",
      StopTimeout: 3,
      Healthcheck: { Test: ["CMD", "/bin/true"], Interval: 1e9, Timeout: 2e9, Retries: 3, StartPeriod: 90e9 },
    });
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      Init: true,
      Tmpfs: { "/run": "size=1m,mode=1777" },
      CapAdd: ["CAP_NET_BIND_SERVICE"],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Memory: 32 * 1024 * 1024,
      MemorySwap: 32 * 1024 * 1024,
      CpuShares: 256,
      Ulimits: [{ Name: "nofile", Soft: 64, Hard: 128 }],
      RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 },
      LogConfig: { Type: "json-file", Config: { "max-size": "1m" } },
      Dns: ["127.0.0.53"],
      ExtraHosts: ["gateway.test:127.0.0.1"],
    });
    expect(Mounts).toEqual([expect.objectContaining({ Type: "tmpfs", Destination: "/scratch" })]);
    expect(Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress)).toEqual(["10.213.77.7"]);
    expect(State.Health?.Status).toBe("healthy");
    expect(outputs.healthcheck).toMatchObject({ interval: "1s", startPeriod: "1m30s", retries: 3 });
    await engine.preview({ expectNoChanges: true });
    await engine.refresh();
    await engine.preview({ expectNoChanges: true });
  });
});

describe("a container that cannot start is removed again, and one sentence says why", () => {
  const fails = async (args: Partial<docker.ContainerArgs>, secretConfig: Record<string, string> = {}) => {
    await using engine = await Engine.create({
      plugins,
      secretConfig,
      program: async () => {
        new docker.Container("app", { image: base.image, labels: labels(), command: SLEEP, ...args });
      },
    });
    const error = await failure(engine.up());
    expect(await mine()).toEqual([]);
    expect(
      (await engine.exportState()).resources?.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")),
    ).toEqual([]);
    return error.diagnostics.join("\n");
  };

  it("a taken port", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as { port: number };
      expect(await fails({ ports: [{ internal: 80, external: port, ip: "127.0.0.1" }] })).toContain(
        `Container "app": port 127.0.0.1:${port} is already taken on the host. Free it, or choose another external port.`,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("a missing image", async () => {
    expect(await fails({ image: "127.0.0.1:1/nobody/nothing:1" })).toMatch(
      /Container "app": image 127\.0\.0\.1:1\/nobody\/nothing:1 is not on the Docker host and cannot be pulled \(.+\)\. Build or push it first, or correct the name\./,
    );
  });

  it("a missing command", async () => {
    expect(await fails({ command: ["/bin/nothing"] })).toContain(
      `Container "app": its command /bin/nothing does not exist in image ${base.image}.`,
    );
  });

  it("a missing network", async () => {
    expect(await fails({ networksAdvanced: [{ name: "no-such-network" }] })).toMatch(
      /Container "app": its network no-such-network does not exist\. Create it first, or correct the name\./,
    );
  });

  it("a health check that never passes, without telling the secret it prints", async () => {
    const message = await fails(
      {
        envs: [pulumi.secret("TOKEN=tk-31337-secret")],
        healthcheck: { tests: ["CMD-SHELL", "echo no $TOKEN; exit 7"], interval: "1s", retries: 1 },
        wait: true,
        waitTimeout: 4,
      },
      { token: "unused" },
    );
    expect(message).toMatch(
      /Container "app": it did not become healthy within 4 s \((unhealthy|starting); last probe exited with 7: no/,
    );
    expect(message).not.toContain("31337");
  });

  it("an exit before it was healthy, with its last lines", async () => {
    const message = await fails({
      command: ["/bin/sh", "-c", "echo cannot open the door; sleep 1; exit 3"],
      healthcheck: { tests: ["CMD", "/bin/false"], interval: "5s" },
      wait: true,
    });
    expect(message).toContain("it exited with code 3 before it became healthy. Its last lines:\ncannot open the door");
  });
});

it("refuses what it does not serve, by name, before anything exists", async () => {
  await using engine = await Engine.create({
    plugins,
    program: async () => {
      new docker.Container("app", {
        image: base.image,
        labels: labels(),
        gpus: "all",
        networksAdvanced: [{ name: "bridge", gwPriority: 1 }],
        ports: [{ internal: 70000 }],
      });
    },
  });
  const { diagnostics } = await failure(engine.preview());
  const message = diagnostics.join("\n");
  expect(message).toContain('Container "app": gpus is not supported by the testkit\'s provider');
  expect(message).toContain('Container "app": networksAdvanced[0].gwPriority is not supported');
});

it("refuses ports and uploads that cannot be, before anything exists", async () => {
  await using engine = await Engine.create({
    plugins,
    program: async () => {
      new docker.Container("app", {
        image: base.image,
        labels: labels(),
        ports: [{ internal: 70000 }],
        uploads: [{ file: "relative", content: "a", contentBase64: "YQ==" }],
      });
    },
  });
  const message = (await failure(engine.preview())).diagnostics.join("\n");
  expect(message).toContain("ports[0].internal must be a port from 1 to 65535 (got 70000)");
  expect(message).toContain("uploads[0] needs exactly one of content, contentBase64 and source");
  expect(message).toContain("uploads[0].file must be an absolute path (got relative)");
});

it("says which host it cannot reach", async () => {
  await using engine = await Engine.create({
    plugins,
    program: async () => {
      const provider = new docker.Provider("far", { host: "unix:///no/such/docker.sock" });
      new docker.Network("net", { labels: labels() }, { provider });
    },
  });
  const { diagnostics } = await failure(engine.up());
  expect(diagnostics.join("\n")).toContain(
    'Network "net": cannot reach the Docker Engine at unix:///no/such/docker.sock (ENOENT). Start it, or correct the provider\'s host.',
  );
});

it("makes a network with a chosen name anew only after the old one is gone", async () => {
  let internal = false;
  await using engine = await Engine.create({
    plugins,
    program: async () => ({
      id: new docker.Network("net", { name: `net-${engine.stackName}`, internal, labels: labels() }).id,
    }),
  });
  const first = await engine.up();
  internal = true;
  const second = await engine.up();
  expect(second.changes).toMatchObject({ replace: 1 });
  expect(second.outputs.id).not.toBe(first.outputs.id);
  expect(await host.listNetworks({ filters: { name: [`net-${engine.stackName}`] } })).toHaveLength(1);
});

it("reaches a host over ssh with the system's client", async () => {
  // Stands in for ssh: what the far end would run, here.
  const folder = mkdtempSync(join(tmpdir(), "headgate-ssh-"));
  try {
    const far = `const s=require("net").connect("/var/run/docker.sock");process.stdin.pipe(s).pipe(process.stdout)`;
    const record = join(folder, "arguments");
    writeFileSync(join(folder, "ssh"), `#!/bin/sh\necho "$@" >> ${record}\nexec ${process.execPath} -e '${far}'\n`, {
      mode: 0o755,
    });
    await using engine = await Engine.create({
      plugins,
      env: { PATH: `${folder}:${process.env.PATH}` },
      program: async () => {
        const provider = new docker.Provider("far", {
          host: "ssh://deploy@host.test:2222",
          sshOpts: ["-o", "BatchMode=yes"],
        });
        const container = new docker.Container(
          "app",
          { image: base.image, labels: labels(), command: SLEEP, uploads: [{ file: "/data/a", content: "over ssh" }] },
          { provider },
        );
        return { id: container.id };
      },
    });
    const { outputs } = await engine.up();
    expect(await run(String(outputs.id), ["/bin/cat", "/data/a"])).toBe("over ssh");
    expect(readFileSync(record, "utf8")).toContain(
      "-o BatchMode=yes -p 2222 -- deploy@host.test docker system dial-stdio",
    );
    await engine.destroy();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
