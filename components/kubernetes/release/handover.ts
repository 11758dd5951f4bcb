import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "./cluster";
import { HASH_LABEL, type Rollout } from "./objects";

/** An Argo Rollouts that is there needs milliseconds. */
const PATIENCE_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 250;

/**
 * Has Argo Rollouts give its Services to all pods of the service, before the Rollout is deleted: it keeps them on the
 * Rollout's own pods to their end, while those of a Deployment stand ready beside them.
 */
export async function giveServicesBack(
  cluster: Cluster,
  namespace: string,
  service: string,
  print: (line: string) => void,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<void> {
  const rollout = await cluster.presentRollout(namespace, service);
  const kept = async () => {
    const selectors = await cluster.serviceSelectors(namespace, `headgate.dev/service=${service}`);
    return selectors.some((selector) => HASH_LABEL in selector);
  };
  if (rollout === undefined || !(await kept())) return;
  await cluster.patchRollout(namespace, service, { spec: { strategy: withoutServices(rollout) } }, false);
  const deadline = Date.now() + patienceMilliseconds;
  while (await kept()) {
    if (Date.now() > deadline) {
      print("Argo Rollouts keeps the Services on the pods of the Rollout that is deleted: is its controller there?");
      return;
    }
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** As a merge patch. The steps stay or hold: other ones would have a version tried again that was taken back. */
function withoutServices({ spec }: Rollout): object {
  const canary = { stableService: null, canaryService: null, trafficRouting: null };
  if (spec.strategy.blueGreen === undefined) return { canary };
  return { blueGreen: null, canary: { ...canary, steps: [{ setWeight: 0 }, { pause: {} }] } };
}
