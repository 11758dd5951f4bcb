import { defaults } from "./defaults";
import { type Service, Workload } from "./service";
import type { Target } from "./target";

/**
 * The service with the number of copies that it usually has on a target, where it does not say one itself. In a cluster
 * machines come and go, and one copy would be away with its machine. Copies with names may not share their work: there
 * a second one is asked for.
 */
export function withUsualCopies(service: Service, target: Target): Service {
  const { replicas, workload = Workload.replicated } = service;
  const said = replicas?.count ?? replicas?.min ?? replicas?.max;
  if (target !== "kubernetes" || workload !== Workload.replicated || said !== undefined) return service;
  return { ...service, replicas: { ...replicas, count: defaults.replicas.countInCluster } };
}
