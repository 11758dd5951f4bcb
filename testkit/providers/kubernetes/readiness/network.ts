import { at, type KubernetesObject, list, record, text } from "../object";
import { READY, type Readiness, type ReadinessRule, type Surroundings, waiting } from "./readiness";

interface Endpoint {
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
}

export const service: ReadinessRule = {
  onRead: true,
  async check(object, around) {
    if (needsEndpoints(object)) {
      const found = await endpointsOf(object.metadata.name, object.metadata.namespace, around);
      if (found.ready === 0) {
        return waiting("no pod behind it is ready: the pods may still start, or its selector may fit none of them");
      }
      if (found.pending > 0) return waiting(`${found.pending} of its pods are not ready`);
    }
    if (
      at(object, "spec", "type") !== "LoadBalancer" ||
      list(at(object, "status", "loadBalancer", "ingress")).length > 0
    ) {
      return READY;
    }
    return waiting("no address was given to it: does the cluster have a load balancer?");
  },
};

function needsEndpoints(object: KubernetesObject): boolean {
  const { clusterIP, type, selector } = record(object.spec);
  return clusterIP !== "None" && type !== "ExternalName" && Object.keys(record(selector)).length > 0;
}

async function endpointsOf(name: string, namespace: string | undefined, around: Surroundings) {
  const slices = await around.list("discovery.k8s.io/v1", "EndpointSlice", namespace, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  const endpoints = slices.flatMap((slice) => list(slice.endpoints) as Endpoint[]);
  const staying = endpoints.filter(({ conditions }) => conditions?.terminating !== true);
  const ready = staying.filter(({ conditions }) => conditions?.ready !== false).length;
  return { ready, pending: staying.length - ready };
}

export const ingress: ReadinessRule = {
  onRead: true,
  async check(object, around) {
    for (const name of backendsOf(object)) {
      const missing = await isUnserved(name, object.metadata.namespace, around);
      if (missing !== undefined) return missing;
    }
    if (list(at(object, "status", "loadBalancer", "ingress")).length > 0) return READY;
    return waiting("no address was given to it: does the cluster have an ingress controller for its class?");
  },
};

function backendsOf(object: KubernetesObject): Set<string> {
  const rules = list(at(object, "spec", "rules"));
  const paths = rules.flatMap((rule) => list(at(rule, "http", "paths")));
  const names = paths.map((path) => text(at(path, "backend", "service", "name")));
  return new Set(names.filter((name) => name !== ""));
}

async function isUnserved(
  name: string,
  namespace: string | undefined,
  around: Surroundings,
): Promise<Readiness | undefined> {
  const target = await around.get("v1", "Service", namespace, name);
  if (target === undefined) return waiting(`the service "${name}" of a rule does not exist`);
  if (at(target, "spec", "type") === "ExternalName") return undefined;
  const { ready, pending } = await endpointsOf(name, namespace, around);
  return ready + pending > 0 ? undefined : waiting(`the service "${name}" of a rule has no pods`);
}
