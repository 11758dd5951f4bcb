import { createHash } from "node:crypto";

/** Labels on everything a stack makes on a host; the purge at the end of a stack's life goes by them. */
export const LABEL = {
  stack: "headgate.stack",
  host: "headgate.host",
  role: "headgate.role",
  service: "headgate.service",
  revision: "headgate.revision",
  /** Hash of what a container reads at its start. */
  settings: "headgate.settings",
} as const;

/** Longest prefix of physical names, so that prefix, service (40) and revision stay within a DNS label pair. */
const MAX_PREFIX = 32;

/**
 * Prefix of every physical name of a host: project, stack and host, shortened with a hash when too long.
 * Two stacks on one engine never share it.
 */
export function hostPrefix(project: string, stack: string, host: string): string {
  const plain = [project, stack, host].map((part) => part.toLowerCase().replace(/[^a-z0-9]+/g, "-")).join("-");
  const exact = [project, stack, host].join("/");
  const readable = plain.replace(/^-+|-+$/g, "");
  // Without a hash only when the parts can be told from the name again.
  const plainParts = [project, stack, host].every((part) => /^[a-z0-9]+$/.test(part));
  if (plainParts && readable.length <= MAX_PREFIX) return readable;
  const hash = createHash("sha256").update(exact).digest("hex").slice(0, 6);
  return `${readable.slice(0, MAX_PREFIX - 7).replace(/-+$/, "")}-${hash}`;
}

/** Name of one container of a revision, which is also how the gateway finds it on the host's network. */
export function containerName(prefix: string, service: string, revision: number, copy: number): string {
  return `${prefix}-${service}-r${revision}-${copy}`;
}

/** Name of the volume that holds the secret files of a revision. */
export function secretsVolumeName(prefix: string, service: string, revision: number): string {
  return `${prefix}-${service}-r${revision}-secrets`;
}
