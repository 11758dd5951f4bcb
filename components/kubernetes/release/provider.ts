import type { DelegateProvider } from "../../delegate/provider";
import { deploy, released, retire } from "./deploy";
import type { Released, ReleaseInputs } from "./inputs";

/** A preview may run where the cluster cannot be reached; it must not wait long to find out. */
const REACH_SECONDS = 3;
/** Where a release lives: another name is another release. */
const IDENTITY = ["namespace", "name"] as const;
/** What makes something to release or to clean up; the kubeconfig is the one that a delete will use. */
const WANTED = [
  "image",
  "templateHashSource",
  "retry",
  "retainConfigRevisions",
  "httpRoute",
  "kubeconfig",
  "context",
] as const;

type Outputs = ReleaseInputs & Released;

/** Create, update and delete of a KubernetesRelease; see deploy.ts for what happens. */
export const releaseProvider: DelegateProvider<ReleaseInputs, Outputs> = {
  async diff(olds, news) {
    const replaces = IDENTITY.filter((field) => olds[field] !== news[field]);
    const changed = WANTED.some((field) => olds[field] !== news[field]);
    const changes = replaces.length > 0 || changed || (await elsewhere(olds));
    return { changes, replaces, deleteBeforeReplace: false };
  },

  async create(inputs) {
    const done = await deploy(inputs, say);
    return { id: `${inputs.namespace}/${inputs.name}`, outs: { ...inputs, ...done } };
  },

  async update(_id, _olds, inputs) {
    return { outs: { ...inputs, ...(await deploy(inputs, say)) } };
  },

  async read(id, props) {
    const now = await released(props);
    return now === undefined ? { id: "", props } : { id, props: { ...props, ...now.version } };
  },

  async delete(_id, props) {
    await retire(props, say);
  },
};

/** Each line appears live beside the resource in `pulumi up`. */
function say(line: string): void {
  console.log(line);
}

/**
 * Whether the cluster is not where the state says: a program that was killed leaves the controller to finish a release
 * that the state knows nothing of, and a person may have had one tried again.
 */
async function elsewhere(olds: Outputs): Promise<boolean> {
  try {
    const now = await released(olds, REACH_SECONDS);
    return now?.version.podTemplateHash !== olds.podTemplateHash || !now.settled;
  } catch {
    return false;
  }
}
