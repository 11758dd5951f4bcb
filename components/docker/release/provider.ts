import type { DelegateProvider } from "../../delegate/provider";
import { canonical } from "../../model/canonical";
import { GuardClient } from "./client";
import { ServiceContainers } from "./containers";
import { deploy } from "./deploy";
import { connectEngine } from "./engine";
import { digestOf, type ReleaseInputs } from "./inputs";

/** A preview may run where the host cannot be reached; it must not wait long to find out. */
const PREVIEW_PATIENCE_MILLISECONDS = 3000;
/** Where a release lives: another host or name is another release. */
const IDENTITY = ["stack", "prefix", "network", "guard", "service"] as const;

type Outputs = ReleaseInputs & { digest: string; revision: number };

/** Create, update and delete of a Release; see deploy.ts for what happens. */
export const releaseProvider: DelegateProvider<ReleaseInputs, Outputs> = {
  async diff(olds, news) {
    const replaces = IDENTITY.filter((field) => olds[field] !== news[field]);
    const wanted: (keyof ReleaseInputs)[] = [
      "image",
      "copies",
      "container",
      "secrets",
      "registration",
      "plan",
      "retry",
      "keepImages",
    ];
    const changed = wanted.some((field) => canonical(olds[field]) !== canonical(news[field]));
    return { changes: changed || replaces.length > 0 || (await elsewhere(olds)), replaces, deleteBeforeReplace: true };
  },

  async create(inputs) {
    const deployed = await deploy(inputs, say);
    return { id: `${inputs.prefix}/${inputs.service}`, outs: { ...inputs, ...deployed } };
  },

  async update(_id, _olds, inputs) {
    return { outs: { ...inputs, ...(await deploy(inputs, say)) } };
  },

  async read(id, props) {
    const docker = connectEngine(props.engine);
    const guard = await GuardClient.open(docker, props.guard);
    try {
      const state = await guard.service(props.service);
      if (state?.stable === undefined) return { id: "", props };
      return { id, props: { ...props, digest: state.stable.digest, revision: state.stable.revision } };
    } finally {
      guard.close();
    }
  },

  async delete(_id, props) {
    const docker = connectEngine(props.engine);
    const guard = await GuardClient.open(docker, props.guard);
    try {
      await guard.remove(props.service);
    } finally {
      guard.close();
    }
    await new ServiceContainers(docker, props).removeAllBut([]);
  },
};

/** Each line appears live beside the resource in `pulumi up`. */
function say(line: string): void {
  console.log(line);
}

/**
 * Whether the traffic is on another version than the state says: a client that was killed leaves the guard to finish
 * a release the state knows nothing of.
 */
async function elsewhere(olds: Outputs): Promise<boolean> {
  const look = async (): Promise<boolean> => {
    const guard = await GuardClient.open(connectEngine(olds.engine), olds.guard);
    try {
      const stable = (await guard.service(olds.service))?.stable;
      return stable === undefined || stable.digest !== digestOf(olds.image) || stable.revision !== olds.revision;
    } finally {
      guard.close();
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const unreachable = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PREVIEW_PATIENCE_MILLISECONDS);
  });
  try {
    return await Promise.race([look(), unreachable]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
