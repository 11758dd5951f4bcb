import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkout } from "../paths";
import {
  deliveryKey,
  failureIn,
  halfMade,
  objectsOf,
  outcome,
  PLATFORM_PROGRAM,
  platformSettings,
  reasonOf,
} from "./platform";

const images = { argo: "argo:1", traefik: "traefik:1", prometheus: "prometheus:1" };

test("the program is told images, definitions by their folder, and the router's port", () => {
  const settings = platformSettings(images, { argo: ["/d/argo/a.yaml", "/d/argo/b.yaml"], traefik: [] }, 30080);
  expect(settings.argoRollouts).toEqual({ image: "argo:1", crds: "/d/argo", keepCrds: false, replicas: 1 });
  expect(settings.traefik).toMatchObject({ serviceType: "NodePort", webNodePort: 30080 });
  expect(settings.traefik).not.toHaveProperty("crds");
  expect(platformSettings(images, { argo: [], traefik: [] }).traefik).not.toHaveProperty("webNodePort");
});

test("a delivery is another one when its settings, its program or the library changes, and not by tests", async () => {
  const root = await mkdtemp(join(tmpdir(), "headgate-platform-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await cp(join(checkout, PLATFORM_PROGRAM), join(root, PLATFORM_PROGRAM), { recursive: true });
  const library = join(root, "components");
  await cp(join(checkout, "components", "kubernetes", "platform"), library, { recursive: true });
  const first = await deliveryKey(root, images);
  expect(await deliveryKey(root, { ...images })).toBe(first);
  await writeFile(join(library, "new.test.ts"), "test();");
  expect(await deliveryKey(root, images)).toBe(first);
  expect(await deliveryKey(root, { ...images, argo: "argo:2" })).not.toBe(first);
  await writeFile(join(library, "argo.ts"), "export {};");
  const second = await deliveryKey(root, images);
  expect(second).not.toBe(first);
  await writeFile(join(root, PLATFORM_PROGRAM, "index.ts"), "export {};");
  expect(await deliveryKey(root, images)).not.toBe(second);
});

const resource = (type: string, inputs: object) => ({ urn: `urn:${type}`, type, inputs: { ...inputs } });
const named = { name: "traefik", namespace: "headgate" };
const deployment = resource("kubernetes:apps/v1:Deployment", {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { ...named, labels: {} },
  spec: {},
});

test("objects are looked for by what the state names them", () => {
  const role = { apiVersion: "rbac/v1", kind: "ClusterRole", metadata: { name: "headgate-traefik" } };
  const resources = [
    resource("pulumi:providers:kubernetes", { version: "4" }),
    resource("headgate:index:KubernetesPlatform", {}),
    deployment,
    resource("kubernetes:rbac/v1:ClusterRole", role),
  ];
  expect(objectsOf(resources)).toEqual([{ apiVersion: "apps/v1", kind: "Deployment", metadata: named }, role]);
  expect(objectsOf(undefined)).toEqual([]);
});

test("only what a killed delivery was making, and what the state does not know, is half made", () => {
  const pending = (type: string) => [{ type, resource: deployment }];
  expect(halfMade({ resources: [], pending_operations: pending("creating") })).toEqual([deployment]);
  expect(halfMade({ pending_operations: pending("updating") })).toEqual([]);
  // A later delivery has made it.
  expect(halfMade({ resources: [deployment], pending_operations: pending("creating") })).toEqual([]);
  expect(halfMade({})).toEqual([]);
});

const FAILED = `Updating (cluster):

 +  kubernetes:core/v1:Service platform-traefik-service **creating failed** error: port 30080 is taken.
Diagnostics:
  kubernetes:core/v1:Service (platform-traefik-service):
    error: port 30080 is taken.

  kubernetes:apps/v1:Deployment (platform-argo):
    error: 1 error occurred:
    \t* not ready after 10 min

  pulumi:pulumi:Stack (kubernetes-platform-cluster):
    error: update failed

Resources:
    + 33 created
    4 errored

Duration: 12s
`;

test("a delivery that failed is told by its errors, each with whom it is about", () => {
  expect(reasonOf(FAILED)).toBe(
    [
      "  kubernetes:core/v1:Service (platform-traefik-service):",
      "    error: port 30080 is taken.",
      "  kubernetes:apps/v1:Deployment (platform-argo):",
      "    error: 1 error occurred:",
      "    \t* not ready after 10 min",
    ].join("\n"),
  );
  expect(reasonOf("error: no such stack\n")).toBe("error: no such stack");
});

test("an object's failure is told while others are waited for", () => {
  const lines = FAILED.split("\n").flatMap((text) => failureIn(text) ?? []);
  expect(lines).toEqual(["kubernetes:core/v1:Service platform-traefik-service: port 30080 is taken."]);
  expect(failureIn(" +  pulumi:pulumi:Stack kubernetes-platform-cluster **creating failed** 1 error")).toBeUndefined();
});

test("a delivery that went well says what it changed", () => {
  expect(outcome("Resources:\n    + 46 created\n\nDuration: 40s\n")).toBe("is there: 46 created");
  const some = "Resources:\n    + 2 created\n    ~ 1 updated\n    +-1 replaced\n    4 changes. 42 unchanged\n\n";
  expect(outcome(some)).toBe("is there: 2 created, 1 updated, 1 replaced");
  expect(outcome("Resources:\n    46 unchanged\n\nDuration: 5s\n")).toBe("is there; nothing changed");
});
