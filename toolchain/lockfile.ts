import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkout } from "./paths";

const versions = z.record(z.string(), z.string()).optional();
const lockfileSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional(), optionalDependencies: versions })),
});
export type Lockfile = z.infer<typeof lockfileSchema>;

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/**
 * Adds what npm leaves out when its registry does not have the packages of every platform: without an entry for
 * each of them `npm ci` refuses the whole lockfile, although none is installed where it does not fit. Gives the
 * names it added.
 */
export function completeLockfile(lockfile: Lockfile): string[] {
  const added: string[] = [];
  for (const [parent, { optionalDependencies, dev }] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      if (`node_modules/${name}` in lockfile.packages || `${parent}/node_modules/${name}` in lockfile.packages)
        continue;
      const words = name.split(/[/-]/);
      const os = words.filter((word) => systems.includes(word));
      const cpu = words.filter((word) => processors.includes(word));
      if (os.length !== 1 || cpu.length !== 1) {
        throw new Error(
          `package-lock.json lacks ${name}, optional for ${parent}. Run npm install where npm can fetch it.`,
        );
      }
      lockfile.packages[`node_modules/${name}`] = {
        version,
        cpu,
        ...(dev && { dev }),
        ...(words.includes("musl") && { libc: ["musl"] }),
        optional: true,
        os,
      };
      added.push(name);
    }
  }
  lockfile.packages = Object.fromEntries(
    Object.entries(lockfile.packages).sort(([a], [b]) => a.localeCompare(b, "en")),
  );
  return added;
}

export function readLockfile(): Lockfile {
  const value: unknown = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8"));
  assertLockfile(value);
  return value;
}

/** Checks without copying, so that what is written back keeps npm's order of keys. */
function assertLockfile(value: unknown): asserts value is Lockfile {
  lockfileSchema.parse(value);
}

if (process.argv[1] === __filename) {
  const lockfile = readLockfile();
  const added = completeLockfile(lockfile);
  if (added.length > 0) writeFileSync(join(checkout, "package-lock.json"), `${JSON.stringify(lockfile, null, 2)}\n`);
  console.log(added.length > 0 ? `added ${added.join(", ")}` : "package-lock.json is complete");
}
