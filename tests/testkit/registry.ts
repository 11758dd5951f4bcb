import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RegistryOptions {
  /** `user:password` that every request has to carry. */
  login?: string;
  /** Whether uploads fail as on a full disk. */
  full?: boolean;
}

/** As much of a registry as pushes and pulls of images need, on a loopback port. */
export interface TestRegistry extends AsyncDisposable {
  address: string;
  /** Manifests by `repository:reference`. */
  manifests: Map<string, Buffer>;
}

export async function testRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const blobs = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const digest = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = new URL(request.url ?? "/", "http://registry");
    const reply = (status: number, headers: Record<string, string> = {}, content: Buffer | string = "") => {
      response.writeHead(status, { "docker-distribution-api-version": "registry/2.0", ...headers });
      response.end(request.method === "HEAD" ? undefined : content);
    };
    if (options.login !== undefined) {
      const expected = `Basic ${Buffer.from(options.login).toString("base64")}`;
      if (request.headers.authorization !== expected) {
        return reply(
          401,
          { "www-authenticate": 'Basic realm="test"' },
          JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] }),
        );
      }
    }
    if (url.pathname === "/v2/") return reply(200);
    const [, name = "", kind = "", rest = ""] =
      /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/?(.*)$/.exec(url.pathname) ?? [];
    if (kind === "blobs") {
      const blob = blobs.get(rest);
      return blob === undefined
        ? reply(404)
        : reply(200, { "content-length": String(blob.length), "docker-content-digest": rest }, blob);
    }
    if (kind === "blobs/uploads") {
      if (options.full === true) {
        return reply(
          500,
          {},
          JSON.stringify({ errors: [{ code: "UNKNOWN", message: "write: no space left on device" }] }),
        );
      }
      const id = rest === "" ? randomUUID() : rest;
      const content = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), body]);
      uploads.set(id, content);
      if (request.method === "PUT") {
        blobs.set(url.searchParams.get("digest") ?? "", content);
        return reply(201, { location: `/v2/${name}/blobs/${url.searchParams.get("digest")}` });
      }
      return reply(202, {
        location: `/v2/${name}/blobs/uploads/${id}`,
        range: `0-${Math.max(0, content.length - 1)}`,
        "docker-upload-uuid": id,
      });
    }
    if (kind === "manifests") {
      const key = `${name}:${rest}`;
      if (request.method === "PUT") {
        manifests.set(key, body);
        manifests.set(`${name}:${digest(body)}`, body);
        return reply(201, { "docker-content-digest": digest(body) });
      }
      const found = manifests.get(key);
      if (found === undefined) return reply(404);
      if (request.method === "DELETE") {
        for (const [other, bytes] of manifests) if (digest(bytes) === digest(found)) manifests.delete(other);
        return reply(202);
      }
      const { mediaType } = JSON.parse(found.toString()) as { mediaType: string };
      return reply(
        200,
        { "content-type": mediaType, "docker-content-digest": digest(found), "content-length": String(found.length) },
        found,
      );
    }
    return reply(404);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    manifests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
