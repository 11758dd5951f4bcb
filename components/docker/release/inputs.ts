import { createHash, createHmac } from "node:crypto";
import { canonical } from "../../model/canonical";
import type { Freeze } from "../../model/release";
import type { ReleasePlan } from "../../release/plan";
import type { ServiceRegistration } from "../guard/protocol";

/** How the containers of a service run. Plain values, units in names. */
export interface ContainerSettings {
  port: number;
  /** Empty: the image's own. */
  command: string[];
  env: Record<string, string>;
  cpus: number;
  memoryBytes: number;
  stopTimeoutSeconds: number;
  /** "uid:gid"; never root. */
  user: string;
  pidsLimit: number;
  /** Writable folders in memory, with their size in bytes. */
  scratch: Record<string, number>;
}

/** What a Release is told: the desired version and how to get there. */
export interface ReleaseInputs {
  /** Address of the Docker Engine; empty: the default one. */
  engine: string;
  /** Value of the stack label. */
  stack: string;
  /** Prefix of physical names. */
  prefix: string;
  network: string;
  /** Name of the guard's container. */
  guard: string;
  service: string;
  /** "repository@sha256:…" */
  image: string;
  copies: number;
  container: ContainerSettings;
  /** Names of environment variables that turned out to be secrets; with any, the release is refused. */
  secretVariables: string[];
  /** Secret files by name. Encrypted in state, never logged. */
  secrets: Record<string, string>;
  registration: ServiceRegistration;
  plan: ReleasePlan;
  /** Times in which nothing new begins. */
  freeze: Freeze;
  /** Why this release could not wait; empty: it is an ordinary one. */
  emergency: string;
  /** Nonce that allows a digest that was taken back to be tried again. */
  retry: number;
  /** What a second release does while one is running. */
  onBusy: "wait" | "stop";
  /** Images of earlier versions kept on the host. */
  keepImages: number;
}

/** What is wrong with a secret in the environment, after its path, and what to do. */
export const SECRET_VARIABLE = "is a secret, and everybody on the host could read it. Move it to secrets";

/** "sha256:…" of an image reference by digest. */
export function digestOf(reference: string): string {
  const at = reference.lastIndexOf("@");
  if (at < 0) throw new Error(`an image is needed by digest (got ${reference})`);
  return reference.slice(at + 1);
}

/**
 * Identity of what runs. Secrets enter only as an HMAC under the guard's own token, so that the key, which is kept in
 * the journal, tells nothing about them.
 */
export function releaseKey(inputs: ReleaseInputs, salt: string): string {
  const secrets = createHmac("sha256", salt).update(canonical(inputs.secrets)).digest("hex");
  const plain = canonical({ digest: digestOf(inputs.image), copies: inputs.copies, container: inputs.container });
  return createHash("sha256").update(`${plain}\n${secrets}`).digest("hex").slice(0, 24);
}
