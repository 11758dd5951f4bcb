import type { ReleaseState } from "../components/docker/guard/protocol";
import { GuardClient } from "../components/docker/release/client";
import { connectEngine } from "../components/docker/release/engine";

/** Where a stack's guard is, as the stack's output "handle" says. */
export interface GuardAddress {
  engine: string;
  guard: string;
}

/** The address of the guard among a stack's outputs. */
export function guardAddress(outputs: Record<string, unknown>): GuardAddress {
  const handle = outputs["handle"];
  if (typeof handle === "object" && handle !== null && "engine" in handle && "guard" in handle) {
    const { engine, guard } = handle;
    if (typeof engine === "string" && typeof guard === "string") return { engine, guard };
  }
  throw new Error(`the stack's output "handle" names no engine and guard (got ${JSON.stringify(handle)})`);
}

/** The release of a service that is under way, or the last one, as the guard recorded it. */
export async function readRelease({ engine, guard }: GuardAddress, service: string): Promise<ReleaseState> {
  const client = await GuardClient.open(connectEngine(engine), guard);
  try {
    const release = (await client.service(service))?.release;
    if (release === undefined) throw new Error(`the guard "${guard}" knows no release of "${service}"`);
    return release;
  } finally {
    client.close();
  }
}
