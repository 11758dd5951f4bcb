import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "./cluster";
import { HASH_LABEL, type Rollout } from "./objects";

/** An Argo Rollouts that is there needs milliseconds. */
const PATIENCE_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 250;
/** Routers look every few seconds: Traefik every two (providersThrottleDuration). */
const ROUTERS_MILLISECONDS = 5000;

/**
 * Has Argo Rollouts give its Services to all pods of the service, where others than the Rollout's stand ready, before it
 * is deleted: it keeps the Services on the Rollout's own pods to their end. Returns when the routers know the others.
 */
export async function giveServicesBack(
  cluster: Cluster,
  namespace: string,
  service: string,
  print: (line: string) => void,
  { patience = PATIENCE_MILLISECONDS, routers = ROUTERS_MILLISECONDS } = {},
): Promise<void> {
  const rollout = await cluster.presentRollout(namespace, service);
  const kept = async () => {
    const selectors = await cluster.serviceSelectors(namespace, `headgate.dev/service=${service}`);
    return selectors.some((selector) => HASH_LABEL in selector);
  };
  const others = `app.kubernetes.io/name=${service},!${HASH_LABEL}`;
  if (rollout === undefined || !(await kept()) || (await cluster.countPods(namespace, others)) === 0) return;
  await cluster.patchRollout(namespace, service, { spec: { strategy: withoutServices(rollout) } }, false);
  const deadline = Date.now() + patience;
  while (await kept()) {
    if (Date.now() > deadline) {
      print("Argo Rollouts keeps the Services on the pods of the Rollout that is deleted: is its controller there?");
      return;
    }
    await sleep(PAUSE_MILLISECONDS);
  }
  await sleep(routers);
}

/** As a merge patch. The steps stay or hold: other ones would have a version tried again that was taken back. */
function withoutServices({ spec }: Rollout): object {
  const canary = { stableService: null, canaryService: null, trafficRouting: null };
  if (spec.strategy.blueGreen === undefined) return { canary };
  return { blueGreen: null, canary: { ...canary, steps: [{ setWeight: 0 }, { pause: {} }] } };
}
