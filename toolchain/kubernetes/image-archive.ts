import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";

/** An image of one layer, FROM scratch: one static program and the few files it needs. */
export interface ImageSpec {
  /** `repository:tag`. */
  readonly reference: string;
  /** The program's place in the image; it is the entry point. */
  readonly program: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly architecture: string;
}

const PASSWD = "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/:/sbin/nologin\n";
const GROUP = "root:x:0:\nnonroot:x:65532:\n";

/** The image's configuration, in the form of the OCI image specification. */
export function imageConfig(spec: ImageSpec, layerSha256: string): object {
  return {
    architecture: spec.architecture,
    os: "linux",
    config: {
      User: spec.user,
      Env: ["PATH=/usr/local/bin:/usr/bin:/bin"],
      Entrypoint: [spec.program],
      WorkingDir: "/",
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerSha256}`] },
  };
}

/** Packs `binary` as an archive that `docker load` and `ctr images import` read; no container engine is needed. */
export async function writeImage(spec: ImageSpec, binary: string, archive: string): Promise<void> {
  const layer = `${archive}.layer`;
  await writeLayer(spec, binary, layer);
  const config = JSON.stringify(imageConfig(spec, await sha256(layer)));
  const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
  const manifest = [{ Config: configName, RepoTags: [spec.reference], Layers: ["layer.tar"] }];
  await writeTar(archive, async (tar) => {
    tar.entry({ name: "manifest.json", ...stable }, JSON.stringify(manifest));
    tar.entry({ name: configName, ...stable }, config);
    await addFile(tar, layer, "layer.tar", 0o644);
  });
  await rm(layer);
}

/** Nothing of the time or the user goes into an image. */
const stable = { mtime: new Date(0), uid: 0, gid: 0 };

async function writeLayer(spec: ImageSpec, binary: string, layer: string): Promise<void> {
  const folders = new Set(["etc", "tmp"]);
  const path = spec.program.slice(1).split("/");
  for (let depth = 1; depth < path.length; depth++) folders.add(path.slice(0, depth).join("/"));
  await writeTar(layer, async (tar) => {
    for (const name of folders) {
      tar.entry({ name, type: "directory", mode: name === "tmp" ? 0o1777 : 0o755, ...stable });
    }
    tar.entry({ name: "etc/passwd", mode: 0o644, ...stable }, PASSWD);
    tar.entry({ name: "etc/group", mode: 0o644, ...stable }, GROUP);
    await addFile(tar, binary, path.join("/"), 0o755);
  });
}

async function writeTar(file: string, fill: (tar: Pack) => Promise<void>): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(file));
  await Promise.all([written, fill(tar).then(() => tar.finalize())]);
}

async function addFile(tar: Pack, file: string, name: string, mode: number): Promise<void> {
  const entry = tar.entry({ name, size: (await stat(file)).size, mode, ...stable });
  await pipeline(createReadStream(file), entry);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
