import type { Container } from "dockerode";
import type { ContainerInputs } from "./schema";

const LOOK_PAUSE_MILLIS = 250;
const LOG_LINES = 5;

/** Waits until the health check passes; says why not when it does not. */
export async function waitHealthy(container: Container, args: ContainerInputs): Promise<void> {
  const timeoutSeconds = args.waitTimeout ?? 60;
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const { State: state } = await container.inspect();
    if (state.Health === undefined) {
      throw new Error(
        "wait needs a health check, and neither the container nor its image has one. Add healthcheck, or drop wait",
      );
    }
    if (state.Health.Status === "healthy") return;
    if (!state.Running) {
      throw new Error(`it exited with code ${state.ExitCode} before it became healthy. ${await lastLines(container)}`);
    }
    if (Date.now() > deadline) {
      const probe = state.Health.Log?.at(-1);
      const last =
        probe === undefined
          ? "no probe has run yet"
          : `last probe exited with ${probe.ExitCode}: ${probe.Output.trim()}`;
      throw new Error(
        `it did not become healthy within ${timeoutSeconds} s (${state.Health.Status}; ${last}). Correct the health check or raise waitTimeout`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MILLIS));
  }
}

async function lastLines(container: Container): Promise<string> {
  const logs: Buffer = await container.logs({ stdout: true, stderr: true, tail: LOG_LINES, follow: false });
  const lines = plainLogs(logs).trim();
  return lines === "" ? "It wrote nothing" : `Its last lines:\n${lines}`;
}

/** Logs come in frames of an eight-byte head and a body, unless a terminal is attached. */
function plainLogs(logs: Buffer): string {
  const HEAD = 8;
  let text = "";
  for (let at = 0; at + HEAD <= logs.length; ) {
    if ((logs[at] ?? 0) > 2) return logs.toString();
    const size = logs.readUInt32BE(at + 4);
    text += logs.subarray(at + HEAD, at + HEAD + size).toString();
    at += HEAD + size;
  }
  return text;
}

/** The engine's reason why a container did not start, in the user's words with a remedy. */
export function startFailure(reason: string, args: ContainerInputs): string {
  const port = /(?:Bind for |listen \w+ )(\S+:\d+)(?: failed)?:/.exec(reason)?.[1];
  if (port !== undefined && /already allocated|address already in use/.test(reason)) {
    return `port ${port} is already taken on the host. Free it, or choose another external port.`;
  }
  const network = /^network (\S+) not found/.exec(reason)?.[1];
  if (network !== undefined) return `its network ${network} does not exist. Create it first, or correct the name.`;
  if (/executable file not found|no such file or directory/.test(reason) && /exec/.test(reason)) {
    const command = [...(args.entrypoints ?? []), ...(args.command ?? [])][0];
    const what = command === undefined ? "its command" : `its command ${command}`;
    return `${what} does not exist in image ${args.image}. Correct command, entrypoints or the image.`;
  }
  return `it could not be started (${reason}).`;
}
