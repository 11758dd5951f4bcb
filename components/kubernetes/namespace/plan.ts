import { parseCpu } from "../../model/cpu";
import { refuse } from "../../model/errors";
import {
  cpu,
  flag,
  mapOf,
  memory,
  number,
  oneOf,
  optional,
  pattern,
  storage,
  strictFor,
  text,
} from "../../model/fields";
import { labelName, labelValue } from "../../model/labels";
import { parseMemory } from "../../model/memory";
import { checkName } from "../../model/names";
import type { Problem } from "../../model/problem";
import { annotationName, anything, checkArgs, objectName } from "../fields";
import {
  type KubernetesNamespaceArgs,
  type NamespaceLimits,
  type NamespaceNetwork,
  type NamespaceQuota,
  type PodSecurity,
  PodSecurityLevel,
} from "./args";

/** A namespace with its defaults filled in. */
export interface NamespacePlan {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  podSecurity: Required<PodSecurity>;
  network: Required<NamespaceNetwork>;
  quota?: NamespaceQuota;
  limits: NamespaceLimits & { defaultCpu: string; defaultMemory: string };
}

const count = number({ min: 0, max: 1e6, integer: true });
const level = oneOf(PodSecurityLevel);

const schema = strictFor<KubernetesNamespaceArgs>(
  {
    cluster: optional(anything()),
    namespace: optional(objectName),
    labels: optional(mapOf(labelValue, labelName, '{ team: "shop" }')),
    annotations: optional(mapOf(text('"value"'), annotationName, '{ "example.com/owner": "shop" }')),
    podSecurity: optional(
      strictFor<PodSecurity>(
        {
          enforce: optional(level),
          audit: optional(level),
          warn: optional(level),
          version: optional(pattern(/^(latest|v1\.\d+)$/, "must be a version", 'Write "latest" or "v1.34"')),
        },
        '{ enforce: "restricted" }',
      ),
    ),
    network: optional(
      strictFor<NamespaceNetwork>(
        { denyIngress: optional(flag), denyEgress: optional(flag), allowDns: optional(flag) },
        "{ denyEgress: false }",
      ),
    ),
    quota: optional(
      strictFor<NamespaceQuota>(
        {
          cpu: optional(cpu),
          memory: optional(memory),
          storage: optional(storage),
          pods: optional(count),
          loadBalancers: optional(count),
          nodePorts: optional(count),
        },
        '{ cpu: "8", memory: "16GiB" }',
      ),
    ),
    limits: optional(
      strictFor<NamespaceLimits>(
        {
          defaultCpu: optional(cpu),
          defaultMemory: optional(memory),
          maxCpu: optional(cpu),
          maxMemory: optional(memory),
        },
        '{ maxMemory: "2GiB" }',
      ),
    ),
  },
  '{ quota: { cpu: "8" } }',
);

/** Fills in the defaults and checks everything a namespace is told. Throws ArgumentError with every problem. */
export function planNamespace(name: string, args: KubernetesNamespaceArgs): NamespacePlan {
  refuse("KubernetesNamespace", name, [...checkName(name), ...checkArgs(schema, args)]);
  const limits = { defaultCpu: "0.1", defaultMemory: "128MiB", ...args.limits };
  refuse("KubernetesNamespace", name, [
    ...aboveMost("limits.defaultCpu", limits.defaultCpu, "limits.maxCpu", limits.maxCpu, parseCpu),
    ...aboveMost("limits.defaultMemory", limits.defaultMemory, "limits.maxMemory", limits.maxMemory, parseMemory),
  ]);
  const { enforce, audit, warn, version } = args.podSecurity ?? {};
  const { denyIngress, denyEgress, allowDns } = args.network ?? {};
  return {
    name: args.namespace ?? name,
    labels: args.labels ?? {},
    annotations: args.annotations ?? {},
    podSecurity: {
      enforce: enforce ?? PodSecurityLevel.restricted,
      audit: audit ?? PodSecurityLevel.restricted,
      warn: warn ?? PodSecurityLevel.restricted,
      version: version ?? "latest",
    },
    network: { denyIngress: denyIngress ?? true, denyEgress: denyEgress ?? true, allowDns: allowDns ?? true },
    ...(args.quota !== undefined && { quota: args.quota }),
    limits,
  };
}

/** A default that no container could have. */
function aboveMost(
  path: string,
  value: string,
  mostPath: string,
  most: string | undefined,
  parse: (text: string) => number,
): Problem[] {
  if (most === undefined || parse(value) <= parse(most)) return [];
  return [{ path, problem: `must not be above ${mostPath}`, got: `${value} above ${most}`, fix: `Set ${path} lower` }];
}
