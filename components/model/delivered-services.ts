import type { Delivery } from "./delivery";
import type { Objectives } from "./objectives";
import type { Release } from "./release";
import type { Service } from "./service";
import type { Target } from "./target";

/** A service with everything that the rest of the document says about it. */
export interface ResolvedService {
  name: string;
  service: Service;
  release: Release;
  objectives: Objectives;
  /** What runs it in the environment asked for, where the document says so. */
  target?: Target;
}

/**
 * The services of a document that checkDelivery has no problem with, each with its release and objectives: the
 * environment's strategy comes first, then the service's own release or strategy, then the document's release.
 * @param name Name of the only service of a document with `service`.
 * @param environment Leaves out services that are not delivered there. Without it no environment has a say.
 */
export function deliveredServices(delivery: Delivery, name: string, environment?: string): ResolvedService[] {
  const { service, services = {}, strategies = {}, environments = {} } = delivery;
  const all = service === undefined ? services : { [name]: { service } };
  const place = environment === undefined ? undefined : environments[environment];
  return Object.entries(all)
    .filter(([, each]) => environment === undefined || (each.environments ?? [environment]).includes(environment))
    .map(([key, each]) => {
      const strategy = place?.strategy ?? each.strategy;
      const named = strategy === undefined ? undefined : strategies[strategy];
      const target = each.targets?.[environment ?? ""] ?? place?.target;
      return {
        name: key,
        service: each.service,
        release: named ?? each.release ?? delivery.release ?? {},
        objectives: each.objectives ?? delivery.objectives ?? {},
        ...(target !== undefined && { target }),
      };
    });
}
