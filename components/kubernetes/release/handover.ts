import type { Cluster } from "./cluster";
import { serviceSelector } from "./configs";
import { ROUTER_SECONDS, sleep } from "./follow";
import { HASH_LABEL, type Rollout } from "./objects";

/** An Argo Rollouts that is there needs milliseconds. */
const PATIENCE_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 250;
/** Twice what a router needs: its Services change one after the other. */
const ROUTERS_MILLISECONDS = 2 * ROUTER_SECONDS * 1000;

/**
 * Has Argo Rollouts give its Services to all pods of the service, where others than the Rollout's stand ready, before it
 * is deleted: it keeps the Services on the Rollout's own pods to their end. Returns when the routers know the others.
 */
export async function giveServicesBack(
  cluster: Pick<Cluster, "presentRollout" | "serviceSelectors" | "countPods" | "patchRollout">,
  namespace: string,
  service: string,
  print: (line: string) => void,
  { patienceMilliseconds = PATIENCE_MILLISECONDS, routersMilliseconds = ROUTERS_MILLISECONDS } = {},
): Promise<void> {
  const rollout = await cluster.presentRollout(namespace, service);
  const kept = async () => {
    const selectors = await cluster.serviceSelectors(namespace, serviceSelector(service));
    return selectors.some((selector) => HASH_LABEL in selector);
  };
  const others = `app.kubernetes.io/name=${service},!${HASH_LABEL}`;
  if (rollout === undefined || !(await kept()) || (await cluster.countPods(namespace, others)) === 0) return;
  await cluster.patchRollout(namespace, service, { spec: { strategy: withoutServices(rollout) } }, false);
  const deadline = Date.now() + patienceMilliseconds;
  while (await kept()) {
    if (Date.now() > deadline) {
      print("Argo Rollouts keeps the Services on the pods of the Rollout that is deleted: is its controller there?");
      return;
    }
    await sleep(PAUSE_MILLISECONDS);
  }
  await sleep(routersMilliseconds);
}

/** As a merge patch. The steps stay or hold: other ones would have a version tried again that was taken back. */
function withoutServices({ spec }: Rollout): object {
  const canary = { stableService: null, canaryService: null, trafficRouting: null };
  if (spec.strategy.blueGreen === undefined) return { canary };
  return { blueGreen: null, canary: { ...canary, steps: [{ setWeight: 0 }, { pause: {} }] } };
}
