import type { DelegateProvider } from "../../delegate/provider";
import { frozen } from "../../release/freeze";
import { Cluster } from "./cluster";
import { namingService, ReleaseFailed } from "./deploy";
import { follow } from "./follow";
import type { TurnInputs } from "./inputs";
import { observe } from "./observe";
import { beginStory, type Story } from "./story";
import { failureText, short } from "./texts";

/** What makes a new version. */
const VERSION = ["image", "templateHashSource", "retry"] as const;

/** Create and update of a KubernetesTurn: asked before a Rollout is changed. */
export const turnProvider: DelegateProvider<TurnInputs, TurnInputs> = {
  async diff(olds, news) {
    const replaces = (["namespace", "name"] as const).filter((field) => olds[field] !== news[field]);
    const changed = (["strategy", "copies"] as const).some((field) => olds[field] !== news[field]);
    return {
      changes: changed || !isSameVersion(olds, news) || replaces.length > 0,
      replaces,
      deleteBeforeReplace: false,
    };
  },
  async create(inputs) {
    await takeTurn(inputs, console.log);
    await passCopies(inputs);
    return { id: `${inputs.namespace}/${inputs.name}`, outs: inputs };
  },
  async update(_id, olds, inputs) {
    if (!isSameVersion(olds, inputs)) await takeTurn(inputs, console.log);
    else if (olds.strategy !== inputs.strategy) await refuseRepetition(inputs);
    if (olds.copies !== inputs.copies) await passCopies(inputs);
    return { outs: inputs };
  },
  async read(id, props) {
    return { id, props };
  },
  async delete() {},
};

const isSameVersion = (olds: TurnInputs, news: TurnInputs) => VERSION.every((field) => olds[field] === news[field]);

/**
 * Holds the number of copies while it passes between the program and an autoscaler. A number that the program stops to
 * state, and that nobody else does, falls to one; one that it states anew is refused while it belongs to who set it
 * last, unless both say the same (kubernetes.io, Server-Side Apply, "Transferring ownership").
 */
async function passCopies(inputs: TurnInputs): Promise<void> {
  const { workload, namespace, name, copies } = inputs;
  await namingService(inputs, async () => {
    const cluster = await Cluster.connect(inputs);
    // A cluster that does not know Rollouts has none to hold; that it lacks Argo is told where one is made.
    if (workload.kind === "Rollout" && (await cluster.presentRollout(namespace, name)) === undefined) return;
    await cluster.holdReplicas({ ...workload, metadata: { namespace, name } }, copies);
  });
}

/**
 * A version that was taken back is not tried again because its steps are others now: Argo would begin anew.
 * Throws ReleaseFailed.
 */
async function refuseRepetition(inputs: TurnInputs): Promise<void> {
  const { namespace, name: service, retry } = inputs;
  await namingService(inputs, async () => {
    const cluster = await Cluster.connect(inputs);
    const snapshot = await cluster.snapshot(namespace, service, () => {});
    if (snapshot.rollout?.status?.abort !== true) return;
    const story = observe(beginStory(service, snapshot.at), snapshot);
    const failure = failureText(story, { namespace, retry }) ?? "the version is just being taken back. Run it again";
    throw new ReleaseFailed(inputs, failure);
  });
}

/**
 * Returns when a new version may begin: outside of the times in which nothing is released, and when no other release
 * of the service is under way. An emergency waits for nothing: Argo gives up the release that is under way.
 * Throws ReleaseFailed.
 */
export async function takeTurn(inputs: TurnInputs, print: (line: string) => void): Promise<void> {
  const { emergency, freeze, namespace, name: service } = inputs;
  if (emergency !== "") {
    print(`emergency: ${emergency}`);
    return;
  }
  const reason = frozen(freeze, new Date());
  if (reason !== undefined) {
    throw new ReleaseFailed(inputs, `${reason}. Wait, or set release.emergency with a reason when it cannot wait`);
  }
  await namingService(inputs, async () => {
    const cluster = await Cluster.connect(inputs);
    // A service whose pods belong to something else is released where nobody has installed Argo, too.
    const { status } = (await cluster.presentRollout(namespace, service)) ?? {};
    const { stableRS = "", currentPodHash } = status ?? {};
    // The first version has nothing that another one could take back.
    if (stableRS === "" || stableRS === currentPodHash || status?.abort === true) return;
    await waitForOther(cluster, inputs, print);
  });
}

async function waitForOther(cluster: Cluster, inputs: TurnInputs, print: (line: string) => void): Promise<void> {
  const { namespace, name: service, onBusy, waitSeconds } = inputs;
  let told = false;
  const seen = (story: Story) => {
    const { paused } = story.progress;
    if (story.outcome !== undefined) return true;
    const text = otherText(story);
    if (onBusy === "stop") {
      const fix = 'Wait for its end, or set headgate:onBusy to "wait" to queue behind it';
      throw new ReleaseFailed(inputs, `${text}. ${fix}`);
    }
    if (paused !== undefined) throw new ReleaseFailed(inputs, pausedText(text, paused.reason, inputs));
    if (!told) print(`${text}; waiting for its end`);
    told = true;
    return false;
  };
  const story = await follow(cluster, { namespace, service, waitSeconds, print: () => {}, seen });
  const { kind } = story.outcome ?? {};
  if (kind === undefined) {
    throw new ReleaseFailed(inputs, `${otherText(story)}, still after ${waitSeconds} s. Run \`pulumi up\` again later`);
  }
  if (kind === "undecided" || kind === "stuck") {
    throw new ReleaseFailed(inputs, pausedText(otherText(story), kind, inputs));
  }
}

function otherText({ progress }: Story): string {
  const { candidate, startedAt, weight } = progress;
  const since = new Date(startedAt * 1000).toISOString().replace(/\.\d+/, "");
  const what = `release ${short(candidate.digest)} (revision ${candidate.revision})`;
  return `${what} is under way since ${since}, now at ${weight} %`;
}

const pausedText = (text: string, reason: string, { name, namespace }: TurnInputs) =>
  `${text} and waits for a person (${reason}). ` +
  `Decide with \`headgate release promote|abort ${name} --namespace ${namespace}\``;
