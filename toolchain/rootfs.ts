import { chmod, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { aptExtract, upstreamVersion } from "./debian";
import { mustExec } from "./exec";
import { commonFiles, commonPackages, type ImageRecipe, shellPrograms } from "./image-recipes";

/**
 * Puts an image's files together out of Debian packages and packs them as `rootfs.tar` in `dir`; `node` is the
 * program for the recipe without a package. Nothing is installed on this machine. `version` beside the archive
 * holds the version of the program.
 */
export async function makeRootfs(
  recipe: ImageRecipe,
  node: { path: string; version: string },
  dir: string,
): Promise<void> {
  const work = join(dir, "work");
  const system = join(work, "system");
  const image = join(work, "image");
  const packages = [...commonPackages, ...(recipe.package ? [recipe.package] : []), ...(recipe.libraries ?? [])];
  const versions = await aptExtract(packages, system, work);
  const program = recipe.package ? join(system, recipe.program.from) : node.path;

  await place(program, join(image, recipe.program.to), 0o755);
  for (const [from, to] of await sharedLibraries(program, system)) await place(from, join(image, to), 0o755);
  await place(
    await firstFile([join(system, "bin/busybox"), join(system, "usr/bin/busybox")]),
    join(image, "bin/busybox"),
    0o755,
  );
  for (const name of shellPrograms) await symlink("busybox", join(image, "bin", name));
  for (const [path, text] of Object.entries({ ...commonFiles, ...recipe.files })) {
    await mkdir(dirname(join(image, path)), { recursive: true });
    await writeFile(join(image, path), text, { mode: 0o644 });
  }
  await mkdir(join(image, "etc/ssl/certs"), { recursive: true });
  await writeFile(join(image, "etc/ssl/certs/ca-certificates.crt"), await certificates(system), { mode: 0o644 });
  for (const path of recipe.copy ?? []) {
    await mkdir(dirname(join(image, path)), { recursive: true });
    await mustExec("cp", ["-rL", join(system, path), join(image, path)]);
  }
  for (const path of recipe.drop ?? []) await rm(join(image, path), { recursive: true });
  for (const path of ["/tmp", "/var/tmp", "/run", ...recipe.writable]) {
    await mkdir(join(image, path), { recursive: true });
    await chmod(join(image, path), 0o1777);
  }

  const owners = ["--owner=0", "--group=0", "--numeric-owner", "--sort=name", "--mtime=@0"];
  await mustExec("tar", ["-cf", join(dir, "rootfs.tar"), ...owners, "-C", image, "."]);
  const version = recipe.package ? upstreamVersion(versions.get(recipe.package) ?? "") : node.version;
  if (version === "") throw new Error(`apt brought no package ${recipe.package}.`);
  await writeFile(join(dir, "version"), version);
  await rm(work, { recursive: true, force: true });
}

async function place(from: string, to: string, mode: number): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, mode);
}

async function firstFile(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const isThere = await readdir(dirname(path)).then(
      (names) => names.includes(path.slice(path.lastIndexOf("/") + 1)),
      () => false,
    );
    if (isThere) return path;
  }
  throw new Error(`None of ${paths.join(", ")} is in the packages.`);
}

/** The libraries of a program, found by the loader of the unpacked packages and not by this machine's. */
async function sharedLibraries(program: string, system: string): Promise<Map<string, string>> {
  const { stdout: triplet } = await mustExec("dpkg-architecture", ["-qDEB_HOST_MULTIARCH"]).catch(() => ({
    stdout: process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu",
  }));
  const folders = ["lib", "usr/lib"].map((folder) => join(system, folder, triplet.trim()));
  const loaderName = process.arch === "arm64" ? "ld-linux-aarch64.so.1" : "ld-linux-x86-64.so.2";
  const loader = await firstFile(folders.map((folder) => join(folder, loaderName)));
  const { stdout } = await mustExec(loader, ["--library-path", folders.join(":"), "--list", program]);
  return parseLibraries(stdout, loader);
}

/** Where each library of the loader's listing lies, and where it goes in the image. */
export function parseLibraries(listing: string, loader: string): Map<string, string> {
  const libraries = new Map<string, string>();
  for (const text of listing.split("\n")) {
    const [, name, path] = /^\s*(\S+)(?: => (\S+))? \(0x[0-9a-f]+\)$/.exec(text) ?? [];
    if (/^\s*\S+ => not found/.test(text)) throw new Error(`A shared library is missing: ${text.trim()}.`);
    if (name === undefined || (path === undefined && !name.startsWith("/"))) continue;
    // The loader is named by its own absolute path, everything else is searched for in /lib.
    if (name.startsWith("/")) libraries.set(loader, name);
    else if (path !== undefined) libraries.set(path, `/lib/${name}`);
  }
  return libraries;
}

async function certificates(system: string): Promise<string> {
  const folder = join(system, "usr/share/ca-certificates/mozilla");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".crt")).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("");
}
