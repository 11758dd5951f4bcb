import { hostname, userInfo } from "node:os";
import { frozen } from "../../release/freeze";
import type { ReleaseState, ServiceState, Version } from "../guard/protocol";
import { GuardClient } from "./client";
import { ServiceContainers } from "./containers";
import { connectEngine, ensureImage } from "./engine";
import { follow } from "./follow";
import { digestOf, type ReleaseInputs, releaseKey, SECRET_VARIABLE } from "./inputs";

/** What a finished release leaves in the stack's state, beside its inputs. */
export interface Deployed {
  digest: string;
  revision: number;
}

/** A release that did not take all traffic; the message says where the traffic is. */
export class ReleaseFailed extends Error {
  constructor(service: string, message: string) {
    super(`DockerService "${service}": ${message}`);
    this.name = "ReleaseFailed";
  }
}

/**
 * Brings the desired version to all traffic, or throws ReleaseFailed with traffic where it was.
 * Every decision is the guard's: this process starts containers, tells what happens and cleans up; when it dies, the
 * guard ends the release alone and the next call finds the truth there.
 */
export async function deploy(inputs: ReleaseInputs, print: (line: string) => void): Promise<Deployed> {
  for (const variable of inputs.secretVariables) {
    throw new Error(`DockerService "${inputs.service}": env.${variable} ${SECRET_VARIABLE}.`);
  }
  const docker = connectEngine(inputs.engine);
  const containers = new ServiceContainers(docker, inputs);
  const guard = await GuardClient.open(docker, inputs.guard);
  try {
    const state = await guard.register(inputs.service, inputs.registration);
    await containers.removeAllBut(revisionsOf(state.stable, state.release));
    const key = releaseKey(inputs, guard.salt);
    const freeze = isKnown(state, key) ? undefined : frozen(inputs.freeze, new Date());
    if (freeze !== undefined) {
      throw new ReleaseFailed(
        inputs.service,
        `${freeze}. Wait, or set release.emergency with a reason when it cannot wait`,
      );
    }
    await ensureImage(docker, inputs.image);
    const revision = await begin(guard, inputs, key, print);
    if (typeof revision === "object") {
      await containers.start(revision.current);
      return { digest: digestOf(inputs.image), revision: revision.current };
    }
    const ended = await run(guard, inputs, containers, revision, print);
    const stable = (await guard.service(inputs.service))?.stable;
    if (ended.phase === "ended") await containers.removeAllBut(revisionsOf(stable, undefined));
    if (ended.outcome !== "promoted") throw new ReleaseFailed(inputs.service, failureText(ended, stable));
    await containers.pruneImages();
    return { digest: digestOf(inputs.image), revision };
  } finally {
    guard.close();
  }
}

/** Whether this version has the traffic, or is on its way: then nothing new begins. */
function isKnown({ stable, release }: ServiceState, key: string): boolean {
  return stable?.key === key || (release !== undefined && release.phase !== "ended" && release.candidate.key === key);
}

/** Asks the guard to begin; waits for another release first when told so. */
async function begin(
  guard: GuardClient,
  inputs: ReleaseInputs,
  key: string,
  print: (line: string) => void,
): Promise<number | { current: number }> {
  const urgent = inputs.emergency === "" ? "" : `, emergency: ${inputs.emergency}`;
  for (;;) {
    const answer = await guard.begin(inputs.service, {
      key,
      digest: digestOf(inputs.image),
      plan: inputs.plan,
      retry: inputs.retry,
      client: `${userInfo().username}@${hostname()} pid ${process.pid}${urgent}`,
    });
    switch (answer.outcome) {
      case "begun":
        return answer.revision;
      case "joined":
        print(`release ${answer.revision} is under way already; following it`);
        return answer.revision;
      case "current":
        return { current: answer.revision };
      case "refused":
        throw new ReleaseFailed(
          inputs.service,
          `${short(digestOf(inputs.image))} was taken back before (${answer.release.reason ?? answer.release.cause}). ` +
            `All traffic stays on ${short(answer.release.previous?.digest)}. ` +
            `To try the same image again: pulumi config set headgate:retry ${inputs.retry + 1}`,
        );
      case "busy": {
        const other = answer.release;
        const since = new Date(other.startedAt * 1000).toISOString().replace(".000", "");
        const text =
          `release ${short(other.candidate.digest)} (revision ${other.candidate.revision}, by ${other.client}) ` +
          `is running since ${since}, now at ${other.weight} %`;
        if (inputs.onBusy === "stop") {
          throw new ReleaseFailed(
            inputs.service,
            `${text}. Wait for its end, or set headgate:onBusy to "wait" to queue behind it`,
          );
        }
        print(`${text}; waiting for its end`);
        const { paused } = await follow(guard, inputs.service, other.candidate.revision, () => {});
        if (paused !== undefined) {
          const fix = `Decide with \`headgate release promote|abort ${inputs.service}\``;
          throw new ReleaseFailed(inputs.service, `${text} and is paused (${paused.reason}). ${fix}`);
        }
        await new ServiceContainers(connectEngine(inputs.engine), inputs).removeAllBut(
          revisionsOf((await guard.service(inputs.service))?.stable, undefined),
        );
      }
    }
  }
}

async function run(
  guard: GuardClient,
  inputs: ReleaseInputs,
  containers: ServiceContainers,
  revision: number,
  print: (line: string) => void,
): Promise<ReleaseState> {
  const now = await guard.release(inputs.service, revision, Number.MAX_SAFE_INTEGER, 0);
  if (now.phase === "starting") {
    try {
      await containers.start(revision);
      await guard.servers(inputs.service, revision, containers.addresses(revision));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await guard.abort(inputs.service, revision, `its containers could not be started: ${reason}`, "abandoned");
    }
  }
  return follow(guard, inputs.service, revision, print, containers);
}

function revisionsOf(stable: Version | undefined, release: ReleaseState | undefined): number[] {
  const revisions = stable === undefined ? [] : [stable.revision];
  if (release !== undefined && release.phase !== "ended") {
    revisions.push(release.candidate.revision);
    if (release.previous !== undefined) revisions.push(release.previous.revision);
  }
  return revisions;
}

function failureText(ended: ReleaseState, stable: Version | undefined): string {
  const what = `release ${short(ended.candidate.digest)}`;
  if (ended.phase !== "ended") {
    return (
      `${what} is paused at ${ended.weight} %: ${ended.reason ?? ended.paused?.reason}. ` +
      `Decide with \`headgate release promote|abort ${ended.service}\`, or run \`pulumi up\` again to follow it`
    );
  }
  const seconds = Math.round((ended.endedAt ?? ended.startedAt) - ended.startedAt);
  const where =
    stable === undefined ? "There is no earlier version to serve" : `All traffic is on ${short(stable.digest)} again`;
  const retryable = ended.cause === "analysis" || ended.cause === "unhealthy" || ended.cause === "aborted";
  return (
    `${what} was taken back after ${seconds} s: ${ended.reason ?? ended.cause}. ${where}. ` +
    (retryable
      ? `To try the same image again: pulumi config set headgate:retry ${ended.retry + 1}`
      : "Run `pulumi up` to try again")
  );
}

function short(digest: string | undefined): string {
  return digest === undefined ? "the version before" : `${digest.slice(0, 19)}…`;
}
