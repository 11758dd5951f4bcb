import { ApiRefusal, ApiUnreachable } from "./api-errors";
import type { Cluster } from "./cluster";
import type { Snapshot } from "./objects";
import { observe } from "./observe";
import { beginStory, type Story } from "./story";
import { tellLastWords } from "./words";

/** Time between two looks. */
const LOOK_SECONDS = 2;
/**
 * A router follows what the controller wrote within this; Traefik by its providersThrottleDuration of two seconds. An
 * outcome is told when it is true for who asks the router next.
 */
export const ROUTER_SECONDS = 2.5;
/** An API server that is upgraded or started again is back within this. */
const UNREACHABLE_HINT_SECONDS = 15;
const UNREACHABLE_PATIENCE_SECONDS = 300;

/** How a release is followed. */
export interface Following {
  namespace: string;
  service: string;
  /** Longest time. */
  waitSeconds: number;
  print(line: string): void;
  /** Called after every look; true ends it. */
  seen?(story: Story): boolean;
}

/**
 * Looks at a release until it has ended, waits for a person, or the time is up; prints each line once. Everything it
 * knows comes from the cluster, so that it may be killed and started again at any time.
 */
export async function follow(cluster: Cluster, following: Following): Promise<Story> {
  const { namespace, service, waitSeconds, print, seen } = following;
  const until = Date.now() + waitSeconds * 1000;
  let story = beginStory(service, Date.now() / 1000);
  let printed = 0;
  let crashes: string[] = [];
  const look = snapshots(cluster, namespace, service, print);
  for (;;) {
    const snapshot = await look();
    story = observe(story, snapshot);
    // What was so before the first look is told in the outcome.
    const known = story.looks === 1 && story.outcome !== undefined;
    const { events } = story.progress;
    if (!known) for (const { message } of events.slice(printed)) print(message);
    printed = events.length;
    crashes = await tellLastWords(cluster, snapshot, story, crashes, print);
    if (story.outcome !== undefined && !known) await sleep(ROUTER_SECONDS * 1000);
    if (seen?.(story) === true || story.outcome !== undefined || Date.now() >= until) return story;
    await sleep(LOOK_SECONDS * 1000);
  }
}

/** Looks at a service, again and again while the API server is away. Tells once what it may not see. */
export function snapshots(
  cluster: Cluster,
  namespace: string,
  service: string,
  print: (line: string) => void,
): () => Promise<Snapshot> {
  const told = new Set<string>();
  const missing = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    print(`not everything can be told: ${message}. KubernetesDeployer makes an account that may`);
  };
  return async () => {
    const started = Date.now();
    let hinted = false;
    for (;;) {
      try {
        return await cluster.snapshot(namespace, service, missing);
      } catch (error) {
        if (!(error instanceof ApiUnreachable)) throw explained(error);
        const away = (Date.now() - started) / 1000;
        if (away >= UNREACHABLE_PATIENCE_SECONDS) throw error;
        if (away >= UNREACHABLE_HINT_SECONDS && !hinted) print(`${error.message}; trying again, the release goes on`);
        hinted ||= away >= UNREACHABLE_HINT_SECONDS;
        await sleep(LOOK_SECONDS * 1000);
      }
    }
  };
}

/** A refusal with what makes it go away. */
export function explained(error: unknown): unknown {
  if (!(error instanceof ApiRefusal) || error.status !== 403) return error;
  return new ApiRefusal(403, `${error.message}. Give the account that right, or use one of a KubernetesDeployer`);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
