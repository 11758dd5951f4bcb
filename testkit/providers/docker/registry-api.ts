import { registryOf, splitReference } from "./reference";
import type { Login } from "./registry-login";

const MANIFEST_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
].join(", ");

/** The digest a registry knows an image by; undefined when it does not have it. */
export async function remoteDigest(name: string, login: Login | undefined): Promise<string | undefined> {
  const { tag = "latest", digest } = splitReference(name);
  const response = await call("HEAD", name, digest ?? tag, login);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${registryOf(name)} answered ${response.status} for ${name}`);
  return response.headers.get("docker-content-digest") ?? undefined;
}

/** Removes a manifest; one that is gone already is fine. */
export async function removeRemote(name: string, digest: string, login: Login | undefined): Promise<void> {
  const response = await call("DELETE", name, digest, login);
  if (response.ok || response.status === 404) return;
  const hint = response.status === 405 ? " Allow deletion in the registry, or set keepRemotely." : "";
  throw new Error(`${registryOf(name)} answered ${response.status} to the deletion of ${name}.${hint}`);
}

async function call(method: string, name: string, reference: string, login: Login | undefined): Promise<Response> {
  const server = registryOf(name);
  const repository = splitReference(name).repository.slice(server.length + 1);
  const local = /^(localhost|127\.|\[::1\])/.test(server);
  const host = server === "docker.io" ? "registry-1.docker.io" : server;
  const url = `${local ? "http" : "https"}://${host}/v2/${repository}/manifests/${reference}`;
  const headers: Record<string, string> = { accept: MANIFEST_TYPES };
  const basic = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
  if (basic !== undefined) headers.authorization = basic;
  const first = await fetch(url, { method, headers });
  const challenge = first.headers.get("www-authenticate") ?? "";
  if (first.status !== 401 || !challenge.startsWith("Bearer ")) return first;
  const token = await bearerToken(challenge, basic);
  return fetch(url, { method, headers: { ...headers, authorization: `Bearer ${token}` } });
}

/** Registries with a token service say where it is and what to ask for. */
async function bearerToken(challenge: string, basic: string | undefined): Promise<string> {
  const parts = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const { realm, ...query } = parts;
  if (realm === undefined) throw new Error(`the registry asked for a token and did not say where to get it`);
  const response = await fetch(`${realm}?${new URLSearchParams(query as Record<string, string>)}`, {
    headers: basic === undefined ? {} : { authorization: basic },
  });
  const body = (await response.json()) as { token?: string; access_token?: string };
  const token = body.token ?? body.access_token;
  if (token === undefined) throw new Error(`the registry's token service answered ${response.status}`);
  return token;
}
