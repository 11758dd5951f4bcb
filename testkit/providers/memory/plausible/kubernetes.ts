import { isRecord } from "../../shared/wire";
import type { Plausible, Subject } from "./subject";

/** Types that live outside every namespace. */
const CLUSTER_WIDE = ["Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "StorageClass"];

export function kubernetes({ kind, name, inputs, hex }: Subject): Plausible {
  const metadata = isRecord(inputs.metadata) ? inputs.metadata : {};
  const own = typeof metadata.name === "string" ? metadata.name : name;
  const namespace = typeof metadata.namespace === "string" ? metadata.namespace : "default";
  const wide = CLUSTER_WIDE.includes(kind);
  const status: Record<string, unknown> = {
    Service: { loadBalancer: { ingress: [{ ip: "203.0.113.10" }] } },
    Ingress: { loadBalancer: { ingress: [{ hostname: `${own}.example.com` }] } },
    Deployment: { availableReplicas: 1, readyReplicas: 1, observedGeneration: 1 },
  };
  return {
    id: wide ? own : `${namespace}/${own}`,
    outputs: {
      metadata: {
        ...metadata,
        name: own,
        ...(!wide && { namespace }),
        uid: `${hex(8)}-0000-4000-8000-${hex(12)}`,
        resourceVersion: "1",
        generation: 1,
      },
      ...(kind in status && { status: status[kind] }),
    },
  };
}
