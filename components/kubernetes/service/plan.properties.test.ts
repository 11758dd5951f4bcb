import assert from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { restrictedProblems } from "../testing/restricted";
import type { planService } from "./plan";
import { hookTemplate } from "./plan-hooks";
import type { ServiceObject } from "./plan-objects";
import { argumentsOf, inputs, known, likely, MARK, made, names, SERVICE_KINDS } from "./testing/arbitraries";

const RUNS = 1_000;
const DNS_LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

test("any service, release and router is planned or refused with an ArgumentError", () => {
  let planned = 0;
  fc.assert(
    fc.property(names, inputs, (name, input) => {
      if (made(name, argumentsOf(input)) !== undefined) planned++;
    }),
    { numRuns: RUNS },
  );
  expect(planned).toBeGreaterThan(0);
}, 120_000);

test("what is planned is plain, the same each time, and fits together", () => {
  let planned = 0;
  let jobs = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(names, likely, (name, input) => {
      const args = argumentsOf(input);
      const result = made(name, args);
      if (result === undefined) return;
      planned++;
      const { plan, manifests } = result;
      const objects = [...manifests.before, manifests.workload, ...manifests.after];
      for (const { kind } of objects) kinds.add(kind);
      const text = JSON.stringify({ plan, objects });
      assert.deepEqual(JSON.parse(text), { plan, objects });
      assert.deepEqual(made(name, args), result);
      assert(!text.includes(MARK), "a secret is in the objects");
      for (const object of objects) assertNamed(name, object);
      assertSelected(name, objects, manifests.workload);
      assertReferences(objects, manifests.workload, plan.release);
      assert.deepEqual(restrictedProblems(manifests.workload.rest.spec.template.spec), []);
      for (const hook of plan.release.hookTemplates) {
        for (const { provider } of hookTemplate(plan, known, hook).spec.metrics) {
          if (provider.job === undefined) continue;
          const { template } = provider.job.spec;
          assert.deepEqual(restrictedProblems(template.spec), []);
          // The service's own selector must not find it.
          assert.deepEqual("metadata" in template && template.metadata, { labels: { "headgate.dev/hook-of": name } });
          jobs++;
        }
      }
    }),
    { numRuns: RUNS },
  );
  expect(planned).toBeGreaterThan(RUNS / 3);
  expect(jobs).toBeGreaterThan(0);
  expect([...kinds].sort()).toEqual(SERVICE_KINDS);
}, 120_000);

function assertNamed(name: string, { kind, metadata }: ServiceObject): void {
  assert.match(String(metadata.name), DNS_LABEL, kind);
  assert(String(metadata.name).startsWith(name));
  assert.equal(metadata.namespace, known.namespace);
  const labels = metadata.labels as Record<string, string>;
  assert.equal(labels["app.kubernetes.io/name"], name);
  assert.equal(labels["app.kubernetes.io/managed-by"], "headgate");
  assert.equal(labels["headgate.dev/service"], name);
  for (const label of Object.values(labels)) assert(label.length <= 63);
}

/**
 * Every selector of pods finds exactly the template's pods, by the one label that never changes; the disruption budget
 * those that Argo marks as serving, where it does, and one policy those of the hooks.
 */
function assertSelected(name: string, objects: readonly ServiceObject[], workload: ServiceObject): void {
  const only = { "app.kubernetes.io/name": name };
  assert.deepEqual(workload.rest.spec.selector, { matchLabels: only });
  assert.equal(workload.rest.spec.template.metadata.labels["app.kubernetes.io/name"], name);
  const { canary, blueGreen } = workload.rest.spec.strategy ?? {};
  const serving = (blueGreen?.activeMetadata ?? canary?.stableMetadata)?.labels ?? {};
  for (const { kind, role, rest } of objects) {
    if (kind === "Service") assert.deepEqual(rest.spec.selector, only);
    if (kind === "PodMonitor") assert.deepEqual(rest.spec.selector.matchLabels, only);
    if (kind === "PodDisruptionBudget") assert.deepEqual(rest.spec.selector.matchLabels, { ...only, ...serving });
    if (kind === "NetworkPolicy") {
      const hooks = { "headgate.dev/hook-of": name };
      assert.deepEqual(rest.spec.podSelector.matchLabels, role === "hooksNetworkPolicy" ? hooks : only);
    }
  }
}

type Compiled = ReturnType<typeof planService>["release"];

/** Everything that is referred to by name is there. */
function assertReferences(objects: readonly ServiceObject[], workload: ServiceObject, release: Compiled): void {
  const there = (kind: string, name: string) =>
    assert(
      objects.some((object) => object.kind === kind && object.metadata.name === name),
      `${kind} ${name}`,
    );
  const { template } = workload.rest.spec;
  there("ServiceAccount", template.spec.serviceAccountName);
  if (workload.kind === "StatefulSet") there("Service", workload.rest.spec.serviceName);
  const { canary, blueGreen } = release.rollout?.strategy ?? {};
  for (const service of [
    canary?.canaryService,
    canary?.stableService,
    blueGreen?.activeService,
    blueGreen?.previewService,
  ]) {
    if (service !== undefined) there("Service", service);
  }
  const { traefik, nginx, istio, alb, plugins } = canary?.trafficRouting ?? {};
  if (traefik) there("TraefikService", traefik.weightedTraefikServiceName);
  if (nginx) there("Ingress", nginx.stableIngress);
  if (istio) there("VirtualService", istio.virtualService.name);
  if (alb) there("Ingress", alb.ingress);
  const gatewayApi = plugins?.["argoproj-labs/gatewayAPI"];
  if (gatewayApi) there("HTTPRoute", gatewayApi.httpRoute ?? gatewayApi.httpRoutes?.[0]?.name ?? "");
  // Volumes: each mount has one, each path only once.
  const [container] = template.spec.containers;
  const claims: { metadata: { name: string } }[] = workload.rest.spec.volumeClaimTemplates ?? [];
  const volumes = [...template.spec.volumes, ...claims.map(({ metadata }) => metadata)].map(({ name }) => name);
  assert.equal(new Set(volumes).size, volumes.length);
  for (const { name } of container.volumeMounts) assert(volumes.includes(name), name);
  const paths = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
  assert.equal(new Set(paths).size, paths.length);
  const ports: { name: string; containerPort: number }[] = container.ports;
  assert.equal(new Set(ports.map(({ name }) => name)).size, ports.length);
  assert.equal(new Set(ports.map(({ containerPort }) => containerPort)).size, ports.length);
  for (const { kind, rest } of objects.filter((object) => object.kind === "Service")) {
    for (const { targetPort } of rest.spec.ports)
      assert(
        ports.some(({ name }) => name === targetPort),
        kind,
      );
  }
  for (const { kind, rest } of objects) {
    if (kind !== "HorizontalPodAutoscaler") continue;
    there(rest.spec.scaleTargetRef.kind, rest.spec.scaleTargetRef.name);
    assert(!("replicas" in workload.rest.spec));
  }
}
