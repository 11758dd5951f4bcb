import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { expect, onTestFinished, test } from "vitest";
import { writeImage } from "./image-archive";

interface Entry {
  readonly mode: number | undefined;
  readonly body: Buffer;
}

async function entries(archive: Readable): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>();
  for await (const entry of archive.pipe(extract())) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    found.set(entry.header.name, { mode: entry.header.mode, body: Buffer.concat(parts) });
  }
  return found;
}

test("an image archive holds one layer that its configuration names by digest, and never changes", async () => {
  const dir = mkdtempSync(join(tmpdir(), "image-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const binary = join(dir, "program");
  writeFileSync(binary, "#!program");
  const spec = { reference: "headgate/x:v1", program: "/usr/local/bin/x", user: "1:1", architecture: "amd64" };
  await writeImage(spec, binary, join(dir, "a.tar"));
  const archive = await entries(createReadStream(join(dir, "a.tar")));

  const [image] = JSON.parse(archive.get("manifest.json")?.body.toString() ?? "[]");
  expect(image.RepoTags).toEqual(["headgate/x:v1"]);
  const config = archive.get(image.Config)?.body ?? Buffer.of();
  expect(image.Config).toBe(`${createHash("sha256").update(config).digest("hex")}.json`);
  const layer = archive.get(image.Layers[0])?.body ?? Buffer.of();
  expect(JSON.parse(config.toString())).toMatchObject({
    architecture: "amd64",
    os: "linux",
    config: { User: "1:1", Entrypoint: ["/usr/local/bin/x"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${createHash("sha256").update(layer).digest("hex")}`] },
  });

  const files = await entries(Readable.from(layer));
  expect(files.get("usr/local/bin/x")).toEqual({ mode: 0o755, body: Buffer.from("#!program") });
  expect([...files.keys()]).toEqual(expect.arrayContaining(["usr", "usr/local", "usr/local/bin", "etc/passwd"]));
  expect(files.get("tmp")?.mode).toBe(0o1777);

  await writeImage(spec, binary, join(dir, "b.tar"));
  expect((await entries(createReadStream(join(dir, "b.tar")))).get("layer.tar")?.body.equals(layer)).toBe(true);
});
