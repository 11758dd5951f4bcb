import { patchesFor } from "../../components/kubernetes/release/actions";
import { Cluster, type ClusterAddress } from "../../components/kubernetes/release/cluster";
import { digestOf, imageOf, replicaSetOf, versionOf } from "../../components/kubernetes/release/facts";
import { explained } from "../../components/kubernetes/release/follow";
import { observe } from "../../components/kubernetes/release/observe";
import { beginStory, type Story } from "../../components/kubernetes/release/story";
import { UsageError } from "../command";
import type { ReleaseTarget } from "./target";

/** Opens a cluster. An empty namespace: that of the context. */
export async function openKubernetes(address: ClusterAddress, namespace: string): Promise<ReleaseTarget> {
  const cluster = await Cluster.connect(address);
  return kubernetesTarget(cluster, namespace === "" ? cluster.namespace : namespace);
}

function kubernetesTarget(cluster: Cluster, namespace: string): ReleaseTarget {
  let story: Story | undefined;
  return {
    lookSeconds: 2,
    async look(service) {
      const snapshot = await naming(cluster.snapshot(namespace, service, () => {}));
      if (snapshot.rollout === undefined) return undefined;
      // Each look begins where the last one ended, unless that was an end and something new began since.
      if (story?.outcome !== undefined && story.hash !== snapshot.rollout.status?.currentPodHash) story = undefined;
      const { outcome: _, ...open } = story ?? beginStory(service, snapshot.at);
      story = observe(open, snapshot);
      const { stableRS = "" } = snapshot.rollout.status ?? {};
      // What the controller has not looked at yet is known by its image alone.
      const candidate = { revision: 0, digest: digestOf(imageOf(snapshot.rollout.spec.template)) };
      const release = story.hash === "" ? { ...story.progress, candidate } : story.progress;
      return {
        target: "kubernetes",
        place: `kubernetes, namespace ${namespace}`,
        service,
        namespace,
        ...(stableRS !== "" && { stable: versionOf(replicaSetOf(snapshot, stableRS), stableRS) }),
        release,
      };
    },
    async act(service, action, by, full) {
      const rollout = await naming(cluster.rollout(namespace, service));
      if (rollout === undefined) throw new UsageError(`headgate: there is no Rollout "${service}" in ${namespace}.`);
      const patches = patchesFor(action, rollout, { by, at: Date.now() / 1000, full });
      if (typeof patches === "string") throw new UsageError(`headgate: "${service}" ${patches}.`);
      await naming(cluster.patchRollout(namespace, service, patches.spec, false));
      // What was seen before tells nothing of what happens now.
      story = undefined;
      if (patches.status !== undefined) await naming(cluster.patchRollout(namespace, service, patches.status, true));
    },
    close() {},
  };
}

/** A refusal with what makes it go away. */
async function naming<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explained(error);
  }
}
