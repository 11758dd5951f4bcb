import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, describe, expect, test } from "vitest";
import { expectPreviewStable, render } from "../../testkit";
import type { Service } from "../model/service";
import { DockerHost } from "./docker-host";
import { DockerService } from "./docker-service";
import type { DockerHostArgs } from "./host/args";
import type { DockerServiceArgs } from "./service-args";

const folder = mkdtempSync(join(tmpdir(), "headgate-mocks-"));
writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
afterAll(() => rmSync(folder, { recursive: true }));

const DIGEST = `sha256:${"a".repeat(64)}`;
const service: Service = {
  image: { build: { context: folder } },
  port: 8080,
  health: { readiness: { path: "/ready" } },
};
const KEY = "-----BEGIN PRIVATE KEY----- the key";

function program(host: DockerHostArgs = {}, extra: Partial<DockerServiceArgs> = {}) {
  return () => {
    const edge = new DockerHost("edge", host);
    return new DockerService("shop", { host: edge.handle, service, ...extra });
  };
}
const full: DockerHostArgs = {
  https: { certificates: [{ name: "site", certificate: "public part", privateKey: KEY }] },
  alerts: {
    slack: { webhookUrl: "https://hooks.example.com/secret-webhook" },
    email: { to: "a@example.com", from: "b@example.com", smarthost: "m:25", password: "secret-password" },
  },
};

describe.each([{ preview: false }, { preview: true }])("with %o", (options) => {
  test("A host and a service are the same resources every time, children of their components", async () => {
    const made = await render(program(), options);
    expect(made.errors).toEqual([]);
    const types = Object.groupBy(made.resources, ({ type }) => type);
    expect(Object.fromEntries(Object.entries(types).map(([type, all]) => [type, all?.length]))).toEqual({
      "headgate:index:DockerHost": 1,
      "headgate:index:DockerService": 1,
      "pulumi-nodejs:dynamic/headgate:HostPreflight": 1,
      "pulumi-nodejs:dynamic/headgate:HostReadiness": 1,
      "pulumi-nodejs:dynamic/headgate:Release": 1,
      "docker:index/network:Network": 1,
      "docker:index/volume:Volume": 7,
      "docker:index/image:Image": 2,
      "docker:index/container:Container": 6,
    });
    for (const { name, parent, custom } of made.resources.filter((resource) => resource.custom)) {
      expect(parent, name).toMatch(/DockerHost::edge$|DockerService::shop$/);
      expect(custom).toBe(true);
      expect(name).toMatch(/^(edge|shop)-/);
    }
  });

  test("A health check starts a program, so that it runs seldom but where a container waits for it", async () => {
    const made = await render(program(), options);
    const containers = made.byType("docker:index/container:Container").filter(({ name }) => name !== "edge-setup");
    const rhythm = containers.map(({ name, inputs }) => {
      const { interval } = inputs["healthcheck"] as { interval: string };
      return [name, interval, inputs["wait"]];
    });
    expect(rhythm.sort()).toEqual([
      ["edge-alertmanager", "30s", false],
      ["edge-gateway", "30s", false],
      ["edge-guard", "3s", true],
      ["edge-prometheus", "30s", false],
      ["edge-registry", "30s", false],
    ]);
  });

  test("Every platform container is locked down and labelled", async () => {
    const made = await render(program(), options);
    const containers = made.byType("docker:index/container:Container").filter(({ name }) => name !== "edge-setup");
    expect(containers).toHaveLength(5);
    for (const { inputs } of containers) {
      expect(inputs).toMatchObject({
        user: "1000:1000",
        readOnly: true,
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges"],
        restart: "unless-stopped",
      });
      expect(inputs["memory"]).toBeGreaterThan(0);
      expect(inputs["labels"]).toContainEqual({ label: "headgate.stack", value: "project/stack" });
      expect(inputs["privileged"]).toBeUndefined();
      expect(JSON.stringify(inputs)).not.toContain("docker.sock");
    }
  });

  test("Secrets are in no plain input, wherever they are given", async () => {
    const made = await render(program(full, { secrets: { DATABASE_URL: "postgres://secret-database" } }), {
      ...options,
      secrets: [KEY, "secret-webhook", "secret-password", "secret-database"],
    });
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    expect(JSON.stringify(made.inputsOf("edge-setup")["uploads"])).toContain("secret-webhook");
  });

  test("The release gets the digest, never a tag", async () => {
    const reference = `registry.example.com/shop@${DIGEST}`;
    const made = await render(program({}, { service: { ...service, image: { reference } } }), options);
    expect(made.inputsOf("shop-release")).toMatchObject({ image: reference, service: "shop", copies: 1 });
    expect(made.byType("docker:index/image:Image").map(({ name }) => name)).toEqual(["edge-guard-image"]);
  });

  test("A host with an address gets a provider of its own, and its services use it", async () => {
    const made = await render(program({ engine: "ssh://deploy@www.example.com" }), options);
    expect(made.inputsOf("edge-engine")).toMatchObject({ host: "ssh://deploy@www.example.com" });
    for (const { name, type, provider } of made.resources.filter((resource) => resource.type.startsWith("docker:"))) {
      expect(provider, `${type} ${name}`).toContain("::edge-engine::");
    }
    expect(made.inputsOf("shop-release")["engine"]).toBe("ssh://deploy@www.example.com");
  });

  test("A wrong argument is one error before anything of the service is made", async () => {
    await expect(render(program({}, { release: { canary: { steps: [{ weight: 0 }] } } }), options)).rejects.toThrow(
      /^DockerService "shop": release\.canary\.steps\[0\]\.weight /,
    );
  });

  test("A secret in the environment is refused", async () => {
    const env = { PASSWORD: pulumi.secret("hunter2"), LOG_LEVEL: "info" };
    const made = await render(program({}, { env }), { ...options, secrets: ["hunter2"] });
    expect(made.inputsOf("shop-release")["secretVariables"]).toEqual(["PASSWORD"]);
    const plain = made.resources.map(({ rawInputs }) => rawInputs["env"]);
    expect(JSON.stringify(plain)).not.toMatch(/"PASSWORD":"hunter2"/);
  });

  test("transform edits a child and nothing else", async () => {
    const made = await render(
      () => new DockerHost("edge", {}, { transform: { gateway: (args) => ({ ...args, memory: 2048 }) } }),
      options,
    );
    expect(made.inputsOf("edge-gateway")["memory"]).toBe(2048);
    expect(made.inputsOf("edge-prometheus")["memory"]).toBe(1024);
  });
});

test("Preview and up declare the same graph", async () => {
  await expectPreviewStable(program(full));
});

test("The provider in the state is one line that loads the library by name", async () => {
  const made = await render(program());
  const loaders = made.resources.flatMap(({ inputs }) =>
    inputs["__provider"] === undefined ? [] : [inputs["__provider"]],
  );
  expect(loaders).toHaveLength(3);
  for (const loader of loaders) {
    expect(String(loader).length).toBeLessThan(400);
    expect(loader).toContain('("headgate/delegate")');
  }
});

test("Outputs name what a person opens", async () => {
  const made = await render(() => new DockerHost("edge", { ports: { http: 81 } }));
  expect(await made.output(made.value.url)).toBe("http://127.0.0.1:81");
  expect(await made.output(made.value.prometheusUrl)).toBe("http://127.0.0.1:9090");
  expect(await made.output(made.value.grafanaUrl)).toBeUndefined();
  expect(await made.output(made.value.handle)).toMatchObject({
    prefix: "project-stack-edge",
    registry: "127.0.0.1:5000",
  });
});
