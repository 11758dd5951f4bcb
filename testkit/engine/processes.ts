import { readdirSync, readFileSync } from "node:fs";

const GONE_PATIENCE_MILLIS = 10_000;
const LOOK_PAUSE_MILLIS = 20;

/**
 * Processes of a session. The engine gives its plugins process groups of their own, but all of them stay in the
 * session of the process that was started detached, even when their parents are gone.
 */
export function sessionMembers(leader: number): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => sessionOf(pid) === leader);
}

function sessionOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything; state, parent, group and session follow it.
    const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(session);
  } catch {
    return undefined;
  }
}

export function signalSession(leader: number, signal: NodeJS.Signals): void {
  for (const pid of sessionMembers(leader)) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It ended by itself in between.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

/** Kills until nothing is left: a process may start another one just before it dies. */
export async function endSession(leader: number): Promise<void> {
  const deadline = Date.now() + GONE_PATIENCE_MILLIS;
  while (sessionMembers(leader).length > 0) {
    if (Date.now() > deadline)
      throw new Error(`Processes of session ${leader} do not end: ${sessionMembers(leader).join(", ")}.`);
    signalSession(leader, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MILLIS));
  }
}
