export interface ImageReference {
  /** Name without tag and digest, as written. */
  repository: string;
  tag?: string;
  digest?: string;
}

export function splitReference(image: string): ImageReference {
  const [name = "", digest] = image.split("@");
  const colon = name.lastIndexOf(":");
  // A colon before the last slash belongs to the registry's port.
  const tagged = colon > name.lastIndexOf("/");
  return {
    repository: tagged ? name.slice(0, colon) : name,
    ...(tagged && { tag: name.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
}

/** The registry a name points at: its first part when that looks like a host, else Docker Hub. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

/** Host name of a registry, for comparisons: without scheme and path, one name for Docker Hub. */
export function registryHost(address: string): string {
  const host = address.replace(/^https?:\/\//, "").split("/")[0] ?? "";
  return ["index.docker.io", "registry-1.docker.io", ""].includes(host) ? "docker.io" : host;
}
