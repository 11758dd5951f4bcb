import { describe, expect, it } from "vitest";
import { readConfig } from "./config";
import { registryHost, registryOf, splitReference } from "./reference";
import { loginFor } from "./registry-login";

it.each([
  ["app", { repository: "app" }],
  ["app:v1", { repository: "app", tag: "v1" }],
  ["localhost:5000/app", { repository: "localhost:5000/app" }],
  ["localhost:5000/team/app:v1@sha256:ab", { repository: "localhost:5000/team/app", tag: "v1", digest: "sha256:ab" }],
])("splits %s", (image, parts) => {
  expect(splitReference(image)).toEqual(parts);
});

it.each([
  ["app", "docker.io"],
  ["team/app", "docker.io"],
  ["ghcr.io/team/app", "ghcr.io"],
  ["localhost/app", "localhost"],
  ["127.0.0.1:5000/app", "127.0.0.1:5000"],
])("finds the registry of %s", (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});

it("knows one name for Docker Hub", () => {
  expect(["https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"].map(registryHost)).toEqual([
    "docker.io",
    "docker.io",
    "docker.io",
  ]);
});

describe("provider arguments", () => {
  it("come as JSON, and name the host before the environment does", () => {
    const registryAuth = JSON.stringify([
      { address: "https://ghcr.io", username: "u", password: "p" },
      { address: "local:5000", authDisabled: true },
    ]);
    const config = readConfig({ host: "tcp://a:2375", registryAuth }, { DOCKER_HOST: "tcp://b:1" });
    expect(config).toEqual({
      host: "tcp://a:2375",
      sshOpts: [],
      logins: [{ address: "https://ghcr.io", username: "u", password: "p" }],
    });
    expect(readConfig({}, { DOCKER_HOST: "tcp://b:1" }).host).toBe("tcp://b:1");
    expect(readConfig({}, {}).host).toBe("unix:///var/run/docker.sock");
    expect(loginFor("ghcr.io", config)).toMatchObject({ username: "u" });
    expect(loginFor("ghcr.io", config, { username: "own", password: "x" })).toEqual({ username: "own", password: "x" });
  });

  it("are refused when nothing here serves them", () => {
    expect(() => readConfig({ certPath: "/certs" }, {})).toThrow(
      "docker provider: certPath is not supported by the testkit's provider.",
    );
  });
});
