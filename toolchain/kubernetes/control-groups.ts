import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CONTROL_GROUP_PREFIX } from "./layout";

/** A process of its own weighs 1024, and one cluster as much as several programs. */
const CLUSTER_SHARES = 16 * 1024;

/** Mount points of all hierarchies of control groups, out of the text of /proc/self/mounts. */
export function hierarchies(mounts: string): { readonly path: string; readonly unified: boolean }[] {
  return mounts
    .split("\n")
    .map((text) => text.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, path = "", type]) => ({ path, unified: type === "cgroup2" }));
}

const readHierarchies = async () => hierarchies(await readFile("/proc/self/mounts", "utf8"));

/** Makes a control group in every hierarchy, with all that a kubelet expects of its root. */
export async function makeControlGroup(name: string): Promise<void> {
  for (const { path, unified } of await readHierarchies()) {
    let parent = path;
    for (const part of name.split("/")) {
      if (unified) await delegate(parent);
      const dir = join(parent, part);
      await mkdir(dir, { recursive: true });
      // Version 1: a group has no processors and no memory until it is told which.
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        if (!unified && existsSync(join(dir, file))) {
          await writeFile(join(dir, file), await readFile(join(parent, file), "utf8"));
        }
      }
      if (!unified && existsSync(join(dir, "cpu.shares"))) {
        await writeFile(join(dir, "cpu.shares"), String(CLUSTER_SHARES));
      }
      parent = dir;
    }
    if (unified) await delegate(parent);
  }
}

/** Version 2: hands every controller of a group on to its children. */
async function delegate(dir: string): Promise<void> {
  const controllers = (await readFile(join(dir, "cgroup.controllers"), "utf8")).trim();
  if (controllers === "") return;
  await writeFile(join(dir, "cgroup.subtree_control"), controllers.replace(/(\S+)/g, "+$1"));
}

/** Removes a control group and all below it; its processes have ended or are about to. */
export async function removeControlGroup(name: string): Promise<void> {
  for (const { path } of await readHierarchies()) {
    for (const deadline = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const error = await removeTree(join(path, name)).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error,
      );
      if (error === undefined) break;
      if (error.code !== "EBUSY" || Date.now() > deadline) throw error;
    }
    // The last cluster takes the common parent with it.
    if (name !== CONTROL_GROUP_PREFIX) await rmdir(join(path, CONTROL_GROUP_PREFIX)).catch(() => {});
  }
}

async function removeTree(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(dir, entry.name));
  }
  await rmdir(dir);
}

/** The numbers of clusters that have control groups. */
export async function controlGroupNumbers(): Promise<number[]> {
  const found = new Set<number>();
  for (const { path } of await readHierarchies()) {
    for (const name of await readdir(join(path, CONTROL_GROUP_PREFIX)).catch(() => [])) {
      if (/^\d+$/.test(name)) found.add(Number(name));
    }
  }
  return [...found].sort((a, b) => a - b);
}
