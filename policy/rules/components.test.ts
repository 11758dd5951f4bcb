import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { DockerHost, DockerService } from "../../components/docker";
import { render } from "../../testkit";
import { judge } from "../core/judge";
import { parseSettings } from "../core/settings";
import { RULES } from ".";

const folder = mkdtempSync(join(tmpdir(), "headgate-policy-"));
writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
afterAll(() => rmSync(folder, { recursive: true }));

it("A host and a service of Docker, with defaults, pass production", async () => {
  const made = await render(() => {
    const edge = new DockerHost("edge", {});
    const image = { build: { context: folder } };
    return new DockerService("shop", {
      host: edge.handle,
      service: { image, port: 8080, health: { readiness: { path: "/ready" } } },
    });
  });
  const resources = made.resources.map(({ type, name, inputs }) => ({ type, name, properties: inputs }));
  const found = judge(resources, RULES, parseSettings({ environment: "production" }, RULES));
  expect(found.map(({ rule, resource, path }) => `${rule} ${resource.name} ${path}`)).toEqual([]);
});
