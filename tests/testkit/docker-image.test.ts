import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Engine, EngineError, type EngineOptions } from "../../testkit";
import { type Busybox, busybox, LABEL } from "./busybox";
import { testRegistry } from "./registry";

const host = new Docker();
let base: Busybox;
let folder: string;
const tags: string[] = [];

beforeAll(async () => {
  base = await busybox();
});
afterAll(async () => {
  for (const tag of new Set(tags))
    await host
      .getImage(tag)
      .remove({ force: true })
      .catch(() => undefined);
  await base[Symbol.asyncDispose]();
  // Builds that a later one took the name of.
  const filters = { label: [`${LABEL}=${base.image}`] };
  for (const { Id } of await host.listImages({ filters })) await host.getImage(Id).remove({ force: true });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headgate-context-"));
  write("Dockerfile", `FROM ${base.image}\nCOPY app /app\nLABEL ${LABEL}=${base.image}\n`);
  write("app/version", "one");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), content);
}
/** A name of this run, to be removed at its end. */
function tagged(name: string): string {
  tags.push(name);
  return name;
}
const withDocker = (program: NonNullable<EngineOptions["program"]>, more: Partial<EngineOptions> = {}) =>
  Engine.create({ plugins: [{ name: "docker", official: false }], program, ...more });
const failureOf = async (work: Promise<unknown>): Promise<EngineError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
};

describe("a pushed image", () => {
  it("has the registry's digest, and is built again when a file of its context changes, and only then", async () => {
    await using registry = await testRegistry();
    const imageName = tagged(`${registry.address}/team/app:v1`);
    write(".dockerignore", "notes\n*.log\n");
    write("notes/today", "nothing");
    await using engine = await withDocker(async () => {
      const image = new docker.Image("app", { imageName, build: { context: folder } });
      return { digest: image.repoDigest, name: image.imageName };
    });
    const lines: string[] = [];
    const first = await engine.up({ onEvent: ({ diagnosticEvent }) => lines.push(diagnosticEvent?.message ?? "") });
    expect(first.outputs.digest).toMatch(new RegExp(`^${registry.address}/team/app@sha256:[0-9a-f]{64}$`));
    expect(
      registry.manifests.has(String(first.outputs.digest).replace(`${registry.address}/`, "").replace("@", ":")),
    ).toBe(true);
    expect(lines.join("\n")).toContain("Step 2/3 : COPY app /app");
    await engine.preview({ expectNoChanges: true });

    write("notes/today", "ignored");
    write("debug.log", "ignored");
    await engine.preview({ expectNoChanges: true });

    write("app/version", "two");
    const preview = await engine.preview();
    expect(preview.changes).toMatchObject({ update: 1 });
    const second = await engine.up();
    expect(second.changes).toMatchObject({ update: 1 });
    expect(second.outputs.digest).not.toBe(first.outputs.digest);
  });

  it("is pushed with credentials that stay secret, and does not change with them", async () => {
    let password = "right-password-1";
    const login = { login: `bob:${password}` };
    await using registry = await testRegistry(login);
    const imageName = tagged(`${registry.address}/app:v1`);
    await using engine = await withDocker(async () => {
      // Deliberately not marked as secret by the program.
      new docker.Image("app", {
        imageName,
        build: { context: folder },
        registry: { server: registry.address, username: "bob", password },
      });
    });
    await engine.up();
    expect(engine.stateText()).not.toContain(password);
    password = "other-password-2";
    expect((await engine.preview()).changes).toEqual({ same: 2 });
    write("app/version", "two");
    const error = await failureOf(engine.up());
    expect(error.message).toContain(`Image "app": the push to ${registry.address} failed`);
    expect(error.message).toContain(`Check the user name and password for ${registry.address}.`);
    expect(error.message + error.stdout + error.stderr + JSON.stringify(error.events)).not.toContain(password);
  });

  it("says when the registry cannot store it", async () => {
    await using registry = await testRegistry({ full: true });
    const imageName = tagged(`${registry.address}/app:v1`);
    await using engine = await withDocker(async () => {
      new docker.Image("app", { imageName, build: { context: folder } });
    });
    const { message } = await failureOf(engine.up());
    expect(message).toMatch(
      /Image "app": the push to 127\.0\.0\.1:\d+ failed \(.*500.*\)\. 127\.0\.0\.1:\d+ could not store it: .*free disk space/,
    );
  });
});

describe("a local image", () => {
  it("has its id as digest, takes build arguments and a Dockerfile from outside, and builds in a preview when asked", async () => {
    const imageName = tagged(`headgate-testkit-local:${process.pid}`);
    const outside = mkdtempSync(join(tmpdir(), "headgate-dockerfile-"));
    try {
      writeFileSync(
        join(outside, "Build"),
        `FROM ${base.image}\nARG GREETING\nENV GREETING=$GREETING\nLABEL ${LABEL}=${base.image}\n`,
      );
      await using engine = await withDocker(async () => {
        const image = new docker.Image("app", {
          imageName,
          build: { context: folder, dockerfile: join(outside, "Build"), args: { GREETING: "hello" } },
          skipPush: true,
          buildOnPreview: true,
        });
        return { digest: image.repoDigest };
      });
      await engine.preview();
      const planned = await host.getImage(imageName).inspect();
      expect(planned.Config.Env).toContain("GREETING=hello");
      const { outputs } = await engine.up();
      expect(outputs.digest).toBe((await host.getImage(imageName).inspect()).Id);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it("names the step that fails, with what it wrote", async () => {
    write("Dockerfile", `FROM ${base.image}\nLABEL ${LABEL}=${base.image}\nRUN echo the last words; exit 4\n`);
    await using engine = await withDocker(async () => {
      new docker.Image("app", { imageName: "headgate-testkit-failing", build: { context: folder }, skipPush: true });
    });
    const { diagnostics } = await failureOf(engine.up());
    expect(diagnostics.join("\n")).toMatch(
      /Image "app": the build failed at step 3\/3 "RUN echo the last words; exit 4": .*non-zero code: 4\. Its last output:\n\s+the last words/,
    );
  });

  it("needs its Dockerfile, a known builder and a registry to push to, before anything is built", async () => {
    rmSync(join(folder, "Dockerfile"));
    await using engine = await withDocker(async () => {
      new docker.Image("app", {
        imageName: "app",
        build: { context: folder, builderVersion: docker.BuilderVersion.BuilderBuildKit },
      });
    });
    const message = (await failureOf(engine.preview())).diagnostics.join("\n");
    expect(message).toContain(`build.dockerfile does not exist (got ${join(folder, "Dockerfile")})`);
    expect(message).toContain("build.builderVersion must be BuilderV1 or absent");
    expect(message).toContain("imageName must begin with its registry, such as docker.io/ (got app)");
  });
});

describe("images by name", () => {
  it("are tagged, pushed, pulled, and removed again", async () => {
    await using registry = await testRegistry();
    const target = `${registry.address}/base:v1`;
    const settings = { pull: false };
    await using engine = await withDocker(async () => {
      const tag = new docker.Tag("tag", { sourceImage: base.image, targetImage: target });
      const pushed = new docker.RegistryImage("pushed", { name: tag.targetImage });
      const remote = settings.pull
        ? new docker.RemoteImage("remote", { name: target }, { dependsOn: [pushed] })
        : undefined;
      return {
        digest: pushed.sha256Digest,
        imageId: remote?.imageId,
        repoDigest: remote?.repoDigest,
        source: tag.sourceImageId,
      };
    });
    const first = await engine.up();
    expect(registry.manifests.has(`base:${first.outputs.digest}`)).toBe(true);
    await host.getImage(target).remove();
    settings.pull = true;
    const second = await engine.up();
    expect(second.outputs.repoDigest).toBe(`${registry.address}/base@${first.outputs.digest}`);
    expect(second.outputs.imageId).toBe(first.outputs.source);
    await engine.preview({ expectNoChanges: true });
    await engine.destroy();
    await expect(host.getImage(target).inspect()).rejects.toThrow(/no such image/i);
    expect([...registry.manifests.keys()]).toEqual([]);
  });

  it("follow a provider of the program's own, whose credentials stay secret", async () => {
    const password = "provider-password-9";
    await using registry = await testRegistry({ login: `eve:${password}` });
    const target = tagged(`${registry.address}/base:v1`);
    await using engine = await withDocker(
      async () => {
        const provider = new docker.Provider("own", {
          host: "unix:///var/run/docker.sock",
          registryAuth: [
            { address: registry.address, username: "eve", password: new pulumi.Config().requireSecret("password") },
          ],
        });
        const tag = new docker.Tag("tag", { sourceImage: base.image, targetImage: target }, { provider });
        new docker.RegistryImage("pushed", { name: tag.targetImage }, { provider });
      },
      { secretConfig: { password } },
    );
    await engine.up();
    expect(registry.manifests.has("base:v1")).toBe(true);
    expect(engine.stateText()).not.toContain(password);
    await engine.preview({ expectNoChanges: true });
  });
});
