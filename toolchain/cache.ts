import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { withLock } from "./lock";

export interface CacheEntry {
  readonly dir: string;
  /** "rebuilt" means that an entry was there and did not match its checksums. */
  readonly state: "cached" | "built" | "rebuilt";
}

const marker = ".complete.json";

/**
 * The folder of one finished cache entry. `make` fills an empty folder beside it, which is renamed into place
 * together with the checksum of every file; an entry without matching checksums is thrown away and made again.
 */
export async function cacheEntry(
  dir: string,
  lockFile: string,
  make: (dir: string) => Promise<void>,
): Promise<CacheEntry> {
  if (await isIntact(dir)) return { dir, state: "cached" };
  return await withLock(lockFile, async () => {
    if (await isIntact(dir)) return { dir, state: "cached" };
    const parent = dirname(dir);
    await mkdir(parent, { recursive: true });
    // This process holds the lock, so whatever lies beside the entry was left by one that died.
    for (const name of await readdir(parent)) {
      if (name.startsWith(`${basename(dir)}.part-`)) await rm(join(parent, name), { recursive: true, force: true });
    }
    const existed = await exists(dir);
    const part = `${dir}.part-${process.pid}`;
    await mkdir(part);
    try {
      await make(part);
      await writeFile(join(part, marker), JSON.stringify(await checksums(part)));
      if (existed) await rm(dir, { recursive: true, force: true });
      await rename(part, dir);
    } finally {
      await rm(part, { recursive: true, force: true });
    }
    return { dir, state: existed ? "rebuilt" : "built" };
  });
}

async function isIntact(dir: string): Promise<boolean> {
  try {
    const expected = await readFile(join(dir, marker), "utf8");
    return expected === JSON.stringify(await checksums(dir));
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function checksums(dir: string): Promise<Record<string, string>> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile() && entry.name !== marker)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const sums: Record<string, string> = {};
  for (const file of files) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
    sums[file.slice(dir.length + 1)] = hash.digest("hex");
  }
  return sums;
}
