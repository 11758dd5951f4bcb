// What a Gateway says of a route: Gateway API v1, HTTPRouteStatus (RouteParentStatus and its conditions).
import { ApiRefusal } from "./api-errors";
import type { Cluster } from "./cluster";
import { sleep } from "./follow";
import type { HttpRoute } from "./objects";

const LOOK_SECONDS = 1;
/** A controller that runs answers within seconds; what it says of a Service that was just made may pass. */
const REFUSED_SECONDS = 5;
const UNHEARD_SECONDS = 30;

/** Why no request comes by a route, and whether a Gateway has said so. Undefined: every Gateway takes it. */
export function routeFault(route: HttpRoute | undefined): { problem: string; said: boolean } | undefined {
  if (route === undefined) return { problem: "its HTTPRoute is gone", said: true };
  const { metadata, spec, status } = route;
  const parents = status?.parents ?? [];
  for (const { parentRef, conditions = [] } of parents) {
    const current = conditions.filter(
      ({ observedGeneration }) => (observedGeneration ?? metadata.generation) === metadata.generation,
    );
    for (const type of ["Accepted", "ResolvedRefs"]) {
      const found = current.find((condition) => condition.type === type);
      if (found?.status !== "False") continue;
      const why = [found.reason, found.message].filter((text) => text !== undefined && text !== "").join(": ");
      const verb = type === "Accepted" ? "refuses" : "cannot follow";
      return { problem: `the Gateway ${nameOf(parentRef)} ${verb} its HTTPRoute (${why})`, said: true };
    }
    if (!current.some(({ type, status }) => type === "Accepted" && status === "True")) return unheard(parentRef);
  }
  const [wanted] = spec?.parentRefs ?? [];
  return parents.length === 0 && wanted !== undefined ? unheard(wanted) : undefined;
}

const nameOf = ({ name, namespace }: { name: string; namespace?: string }) =>
  namespace === undefined ? name : `${namespace}/${name}`;

const unheard = (parent: { name: string; namespace?: string }) => ({
  problem: `the Gateway ${nameOf(parent)} has not said that it takes its HTTPRoute`,
  said: false,
});

/**
 * Waits until the Gateway takes a service's route. Gives what is wrong when it does not: without it, nothing reaches a
 * version that is otherwise well.
 */
export async function untilRouted(
  cluster: Pick<Cluster, "httpRoute">,
  namespace: string,
  name: string,
  print: (line: string) => void,
): Promise<string | undefined> {
  const began = Date.now();
  for (;;) {
    let fault: ReturnType<typeof routeFault>;
    try {
      fault = routeFault(await cluster.httpRoute(namespace, name));
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.status === 403)) throw error;
      print(`whether the Gateway takes the route cannot be told: ${error.message}`);
      return undefined;
    }
    if (fault === undefined) return undefined;
    const seconds = (Date.now() - began) / 1000;
    if (seconds >= (fault.said ? REFUSED_SECONDS : UNHEARD_SECONDS)) return fault.problem;
    await sleep(LOOK_SECONDS * 1000);
  }
}
