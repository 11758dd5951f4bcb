import { Cluster } from "./cluster";
import { configSelector, spareConfigs } from "./configs";
import { digestOf, replicaSetOf, versionOf } from "./facts";
import { explained, follow, snapshots } from "./follow";
import { giveServicesBack } from "./handover";
import type { Released, ReleaseInputs, ServiceAddress } from "./inputs";
import type { Rollout } from "./objects";
import { untilRouted } from "./route";
import { failureText, short } from "./texts";

const ROUTE_FIX =
  "Correct `gateway`, or let the Gateway's listener take routes of this namespace and host, and run `pulumi up` again";

/** A release that did not take all traffic; the message says where the traffic is. */
export class ReleaseFailed extends Error {
  constructor({ component, name }: Pick<ServiceAddress, "component" | "name">, message: string) {
    super(`${component} "${name}": ${message}`);
    this.name = "ReleaseFailed";
  }
}

/**
 * Follows the version that the Rollout names to its end, or throws ReleaseFailed. Every decision is the controller's:
 * this process tells what happens and removes what nobody needs afterwards; when it dies, the controller ends the
 * release alone, and the next call finds the truth in the cluster.
 */
export async function deploy(inputs: ReleaseInputs, print: (line: string) => void): Promise<Released> {
  const { namespace, name: service, waitSeconds, retry, httpRoute } = inputs;
  return namingService(inputs, async () => {
    const cluster = await Cluster.connect(inputs);
    checkImage((await snapshots(cluster, namespace, service, print)()).rollout, inputs);
    const story = await follow(cluster, { namespace, service, waitSeconds, print });
    if (story.outcome === undefined) {
      const { weight, paused, outcome } = story.progress;
      const open = paused === undefined ? "is still under way" : "still waits for a person";
      const what = outcome === "rolledBack" ? "is still being taken back" : open;
      throw new ReleaseFailed(
        inputs,
        `release ${short(story.progress.candidate.digest)} ${what} at ${weight} % after ${waitSeconds} s. ` +
          `It goes on without this program. Run \`pulumi up\` again to follow it`,
      );
    }
    const failure = failureText(story, { namespace, retry });
    if (failure !== undefined) throw new ReleaseFailed(inputs, failure);
    const unrouted = httpRoute === "" ? undefined : await untilRouted(cluster, namespace, httpRoute, print);
    if (unrouted !== undefined) {
      const what = `release ${short(story.progress.candidate.digest)} has taken the old version's place`;
      throw new ReleaseFailed(inputs, `${what}, but no request comes to it: ${unrouted}. ${ROUTE_FIX}`);
    }
    await removeSpareConfigs(cluster, namespace, service).catch((error: Error) => {
      // The version has all traffic: what is left over is no reason to fail.
      print(`configurations that nobody needs any more stay: ${(explained(error) as Error).message}`);
    });
    return { ...story.progress.candidate, podTemplateHash: story.hash };
  });
}

/**
 * The version that was promoted last; `settled` when no other is on its way. Undefined: none ever was. Throws when the
 * API server gives no sign of life within `reachSeconds`; then it has the time that every request has.
 */
export async function released(
  inputs: ServiceAddress,
  reachSeconds?: number,
): Promise<{ version: Released; settled: boolean } | undefined> {
  return namingService(inputs, async () => {
    const cluster = await Cluster.connect(inputs);
    if (reachSeconds !== undefined) await cluster.reach(reachSeconds);
    const snapshot = await cluster.snapshot(inputs.namespace, inputs.name, () => {});
    const { currentPodHash, stableRS = "", abort } = snapshot.rollout?.status ?? {};
    if (stableRS === "") return undefined;
    const version = { ...versionOf(replicaSetOf(snapshot, stableRS), stableRS), podTemplateHash: stableRS };
    return { version, settled: stableRS === currentPodHash && abort !== true };
  });
}

/** Prepares the end of a Rollout: what it holds is given back, and every configuration it had kept is removed. */
export async function retire(inputs: ServiceAddress, print: (line: string) => void): Promise<void> {
  const { namespace, name: service } = inputs;
  await namingService(inputs, async () => {
    const cluster = await Cluster.connect(inputs);
    await giveServicesBack(cluster, namespace, service, print);
    for (const object of await cluster.configs(namespace, configSelector(service))) {
      await cluster.removeConfig(namespace, object);
    }
  });
}

async function removeSpareConfigs(cluster: Cluster, namespace: string, service: string): Promise<void> {
  const objects = await cluster.configs(namespace, configSelector(service));
  if (objects.length === 0) return;
  const { rollout, replicaSets } = await cluster.snapshot(namespace, service, () => {});
  if (rollout === undefined || replicaSets.length === 0) return;
  for (const object of spareConfigs(objects, rollout, replicaSets)) await cluster.removeConfig(namespace, object);
}

/** A Rollout that names another image is not the one that this release was made for. */
function checkImage(rollout: Rollout | undefined, inputs: ReleaseInputs): void {
  const images = (rollout?.spec.template?.spec?.containers ?? []).map(({ image = "" }) => image);
  if (rollout === undefined || images.includes(inputs.image)) return;
  throw new ReleaseFailed(
    inputs,
    `the Rollout names ${short(digestOf(images[0] ?? "no image"))} instead of ${short(digestOf(inputs.image))}: ` +
      "somebody else changed it. Run `pulumi up --refresh` to set it right",
  );
}

/** Errors of the cluster say which service they are about. */
export async function namingService<T>(address: ServiceAddress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReleaseFailed) throw error;
    const told = explained(error);
    throw new ReleaseFailed(address, told instanceof Error ? told.message : String(told));
  }
}
