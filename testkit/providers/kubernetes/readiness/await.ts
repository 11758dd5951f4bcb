import type { Log } from "../../shared/provider";
import { UnreachableError } from "../api";
import type { KubernetesObject } from "../object";
import type { Readiness, ReadinessRule, Surroundings } from "./readiness";

const FIRST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 2000;
const EXPLAIN_EVERY_MILLIS = 5000;

export interface Waiting {
  object: KubernetesObject;
  /** Undefined when the object is gone. */
  read(): Promise<KubernetesObject | undefined>;
  rule: ReadinessRule;
  around: Surroundings;
  isNew: boolean;
  timeoutMillis: number;
  log: Log;
  signal: AbortSignal;
}

/** An object that is there but not ready. */
export class NotReadyError extends Error {
  constructor(
    message: string,
    readonly object: KubernetesObject,
  ) {
    super(message);
  }
}

/** Waits until an object is ready, and shows how far it is. Throws `NotReadyError` with the reasons. */
export async function untilReady(wait: Waiting): Promise<KubernetesObject> {
  const { rule, around, log, signal, timeoutMillis } = wait;
  const deadline = Date.now() + timeoutMillis;
  let [object, shown, pause] = [wait.object, "", FIRST_PAUSE_MILLIS];
  let nextExplanation = Date.now() + EXPLAIN_EVERY_MILLIS;
  for (;;) {
    const { state, message } = await patiently(() => rule.check(object, around, wait.isNew));
    if (state === "ready") {
      if (shown !== "") log("info", "", true);
      return object;
    }
    const refuse = async (why: string) => new NotReadyError([why, ...(await reasons(wait, object))].join("; "), object);
    if (state === "failed") throw await refuse(message);
    if (signal.aborted) throw await refuse(`cancelled while ${gerund(message)}`);
    if (Date.now() >= deadline) throw await refuse(`not ready after ${duration(timeoutMillis)}: ${message}`);
    let line = message;
    if (Date.now() >= nextExplanation) {
      line = [message, ...(await reasons(wait, object))].join("; ");
      nextExplanation = Date.now() + EXPLAIN_EVERY_MILLIS;
      if (line !== shown) log("info", line, true);
      shown = line;
    } else if (!shown.startsWith(line)) {
      log("info", line, true);
      shown = line;
    }
    await sleep(Math.min(pause, Math.max(0, deadline - Date.now())), signal);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLIS);
    const now = await patientRead(wait, object);
    if (now === undefined) throw new NotReadyError("it was deleted while waiting for it", object);
    object = now;
  }
}

/** An API server that restarts does not end the wait. */
async function patiently(look: () => Readiness | Promise<Readiness>): Promise<Readiness> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UnreachableError) return { state: "waiting", message: error.message };
    throw error;
  }
}

async function patientRead({ read }: Waiting, last: KubernetesObject): Promise<KubernetesObject | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnreachableError) return last;
    throw error;
  }
}

async function reasons({ rule, around }: Waiting, object: KubernetesObject): Promise<string[]> {
  try {
    return (await rule.explain?.(object, around)) ?? [];
  } catch {
    // Rights to see pods and events are no condition for waiting.
    return [];
  }
}

function gerund(message: string): string {
  return message.startsWith("waiting") ? message : `waiting: ${message}`;
}

export function duration(millis: number): string {
  const seconds = Math.round(millis / 1000);
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

export function sleep(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, millis);
    signal.addEventListener("abort", done);
  });
}
