/** A reference to a container image, taken apart. */
export interface ImageReference {
  /** Whether the reference says it, or the runtime's default is meant. */
  namesRegistry: boolean;
  /** Host, with the port where it has one, in lower case: "docker.io" for a bare name. */
  registry: string;
  /** "library/nginx" for a bare name. */
  repository: string;
  tag?: string;
  /** "sha256:" and 64 digits; absent where the reference has none or a malformed one. */
  digest?: string;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Takes a reference apart as container runtimes do: what stands before the first "/" is a registry if it has a dot
 * or a colon or is "localhost". Source: github.com/distribution/reference.
 */
export function imageReference(text: string): ImageReference {
  const [named = "", ...digests] = text.split("@");
  const slash = named.indexOf("/");
  const first = slash < 0 ? "" : named.slice(0, slash);
  const namesRegistry = first === "localhost" || /[.:]/.test(first) || first !== first.toLowerCase();
  const rest = namesRegistry ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(":");
  const tagged = colon > rest.lastIndexOf("/");
  const path = tagged ? rest.slice(0, colon) : rest;
  const host = namesRegistry ? first.toLowerCase() : "docker.io";
  const registry = host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
  const digest = digests.length === 1 ? digests[0] : undefined;
  return {
    namesRegistry,
    registry,
    repository: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path,
    ...(tagged && { tag: rest.slice(colon + 1) }),
    ...(digest !== undefined && DIGEST.test(digest) && { digest }),
  };
}

/** Whether a text is the id of an image that an engine has: the digest of the image's own description. */
export const isImageId = (text: string): boolean => DIGEST.test(text);
