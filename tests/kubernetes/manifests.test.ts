import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SERVICE_KINDS } from "../../components/kubernetes/service/testing/arbitraries";
import { Router } from "../../components/release/compile/target";
import { eventually } from "../eventually";
import { type Generated, generated, type Manifest, serviceInputs, strategyOf } from "./manifests/generated";
import { kubeconform } from "./manifests/kubeconform";
import { hookJobs, podsOf } from "./manifests/pods";
import { schemasOf } from "./manifests/schemas";
import { type Objection, Server } from "./manifests/server";

/** Kinds of objects that nothing in the test's cluster serves; only their definitions are installed. */
const NOT_SERVED = ["HTTPRoute", "PodMonitor", "ServiceMonitor", "VirtualService"];
/** What components make beside the objects of `SERVICE_KINDS`. */
const OTHER_KINDS = [
  "AnalysisTemplate",
  "ClusterRole",
  "ClusterRoleBinding",
  "ConfigMap",
  "CronJob",
  "CustomResourceDefinition",
  "IngressClass",
  "Job",
  "LimitRange",
  "Namespace",
  "ResourceQuota",
  "Role",
  "RoleBinding",
  "Secret",
];

const setup = JSON.parse(process.env["HEADGATE_TEST_CLUSTER"] ?? "{}") as {
  kubeconform: string;
  definitions: string[];
  customResources: Record<"argo" | "traefik", [string, ...string[]]>;
};
const name = `manifests-${randomBytes(3).toString("hex")}`;
const RESTRICTED = Object.fromEntries(
  ["enforce", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
);
const namespace: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: RESTRICTED } };

const inputs = serviceInputs();
let server: Server;
let objects: Generated[];
let pods: Generated[];
let jobs: Generated[];
/** What is really made, and taken away at the end. */
let kept: Manifest[] = [];

beforeAll(async () => {
  server = await Server.connect(process.env["HEADGATE_TEST_KUBECONFIG"] ?? "");
  const [argo, traefik] = [dirname(setup.customResources.argo[0]), setup.customResources.traefik[0]];
  // Hundreds of remarks on how settings fit Kubernetes.
  for (const level of ["info", "warn"] as const) vi.spyOn(pulumi.log, level).mockResolvedValue();
  objects = await generated(inputs, name, { argo, traefik });
  jobs = hookJobs(objects, name);
  pods = podsOf([...objects, ...jobs], name);
  kept = await server.define(NOT_SERVED, setup.definitions);
  await server.create(namespace);
  kept.push(namespace);
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await eventually(30, "pods have an account", () => server.get(account));
});
afterAll(async () => {
  vi.restoreAllMocks();
  for (const manifest of kept) await server.remove(manifest);
});

const schemas = (all: readonly Generated[]) => {
  const kinds = new Map(
    all.map(({ manifest: { apiVersion, kind } }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]),
  );
  return schemasOf(server, [...kinds.values()]);
};

/** One of each kind: a mistake is usually in many. */
const oneOfEach = (objections: readonly Objection[]) => [
  ...new Map(objections.map((one) => [one.object.split(" ")[0], one])).values(),
];

test("The sample has every kind, router and strategy", () => {
  expect(inputs.length).toBeGreaterThan(200);
  const strategies = new Set(inputs.map(({ input }) => strategyOf(input)));
  expect([...strategies].sort()).toEqual(["blueGreen", "canary", "immediate", "rolling", undefined]);
  for (const strategy of strategies) {
    const alike = inputs.filter(({ input }) => strategyOf(input) === strategy);
    const routers = new Set(alike.map(({ input }) => input.route.router));
    expect([...routers].sort(), strategy).toEqual(Object.values(Router).sort());
  }
  const kinds = new Set(objects.map(({ manifest: { kind } }) => kind));
  expect([...kinds].sort()).toEqual([...SERVICE_KINDS, ...OTHER_KINDS].sort());
  expect(jobs.length).toBeGreaterThan(0);
});

test("The API server accepts every object, strictly and without a warning", async () => {
  expect(oneOfEach(await server.objections([...objects, ...jobs]))).toEqual([]);
});

test("All pods are admitted in a namespace that enforces the profile restricted", async () => {
  expect(pods.length).toBeGreaterThan(inputs.length / 2);
  expect(oneOfEach(await server.objections(pods))).toEqual([]);
});

test("kubeconform accepts every object by the schemas of that server", async () => {
  const all = [...objects, ...jobs, ...pods];
  const { objections, valid } = await kubeconform(setup.kubeconform, await schemas(all), all);
  expect(oneOfEach(objections)).toEqual([]);
  expect(valid).toBe(all.length);
});

test("Both refuse an object of each kind that has an unknown field or a wrong type", async () => {
  const kinds = new Map([...objects, ...pods].map(({ manifest }) => [manifest.kind, manifest]));
  const wrong = [...kinds.values()].flatMap((manifest) => {
    const { kind, metadata, spec } = manifest;
    return [
      { from: `${kind}, unknown field`, manifest: { ...manifest, unheardOf: true } },
      { from: `${kind}, wrong type`, manifest: { ...manifest, metadata: { ...metadata, labels: { number: 1 } } } },
      ...(spec === undefined
        ? []
        : [{ from: `${kind}, unknown field of spec`, manifest: { ...manifest, spec: { ...spec, unheardOf: true } } }]),
    ] as Generated[];
  });
  const all = wrong.map(({ from }) => from).sort();
  const refused = (objections: readonly Objection[]) => objections.map(({ from }) => from).sort();
  expect(refused(await server.objections(wrong))).toEqual(all);
  const { objections } = await kubeconform(setup.kubeconform, await schemas(wrong), wrong);
  expect(refused(objections)).toEqual(all);
});

test("A pod that gives up any one part of its security is refused, and its workload is warned of", async () => {
  const [{ manifest }] = pods as [Generated];
  const { securityContext, volumes, containers } = manifest["spec"];
  const [container] = containers;
  const withContainer = (edit: object) => ({
    containers: [{ ...container, securityContext: { ...container.securityContext, ...edit } }],
  });
  const lax: Record<string, object> = {
    runAsNonRoot: { securityContext: { ...securityContext, runAsNonRoot: false } },
    seccompProfile: { securityContext: { ...securityContext, seccompProfile: { type: "Unconfined" } } },
    allowPrivilegeEscalation: withContainer({ allowPrivilegeEscalation: true }),
    capabilities: withContainer({ capabilities: { add: ["NET_ADMIN"] } }),
    hostNetwork: { hostNetwork: true },
    hostPath: { volumes: [...volumes, { name: "host", hostPath: { path: "/" } }] },
  };
  const refused = await server.objections(
    Object.entries(lax).map(([from, edit]) => ({
      from,
      manifest: { ...manifest, spec: { ...manifest["spec"], ...edit } },
    })),
  );
  expect(refused.map(({ from }) => from).sort()).toEqual(Object.keys(lax).sort());
  for (const { said } of refused) expect(said).toContain('violates PodSecurity "restricted:latest"');

  const deployment = objects.find(({ manifest: { kind } }) => kind === "Deployment") as Generated;
  const { spec } = structuredClone(deployment.manifest);
  spec.template.spec.securityContext.runAsNonRoot = false;
  const [warned] = await server.objections([{ from: "", manifest: { ...deployment.manifest, spec } }]);
  expect(warned?.said).toMatch(/^warning: would violate PodSecurity "restricted:latest": runAsNonRoot/);
});
