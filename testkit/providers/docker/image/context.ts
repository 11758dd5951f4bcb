import { createHash } from "node:crypto";
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { TarEntry } from "../tar";
import { IgnoreRules } from "./ignore";

/** Name under which a Dockerfile from outside the context travels with it. */
const OUTSIDE_DOCKERFILE = ".outside.Dockerfile";

export interface BuildContext {
  /** Path of the Dockerfile inside the archive. */
  dockerfile: string;
  entries(): Generator<TarEntry>;
}

/** The files of a build: the context without what .dockerignore excludes, and the Dockerfile in any case. */
export function buildContext(context: string, dockerfile: string): BuildContext {
  const root = resolve(context);
  const inside = relative(root, resolve(dockerfile));
  const outside = inside.startsWith("..");
  const rules = ignoreRules(root, dockerfile);
  const kept = new Set([inside, ".dockerignore"]);
  return {
    dockerfile: outside ? OUTSIDE_DOCKERFILE : inside,
    *entries() {
      yield* walk(root, "", rules, kept);
      if (outside) yield { path: OUTSIDE_DOCKERFILE, mode: 0o644, content: readFileSync(dockerfile) };
    },
  };
}

/** A digest that changes when a file of the build changes: its name, mode or content. */
export function contextDigest(context: string, dockerfile: string): string {
  const total = createHash("sha256");
  total.update(createHash("sha256").update(readFileSync(dockerfile)).digest());
  for (const { path, mode, content, link, folder } of buildContext(context, dockerfile).entries()) {
    if (folder === true) continue;
    const body = createHash("sha256").update(content ?? link ?? "");
    total.update(`${path}\0${mode.toString(8)}\0${link === undefined ? "file" : "link"}\0`).update(body.digest());
  }
  return total.digest("hex");
}

/** A file of its own beside the Dockerfile comes before the one of the context. */
function ignoreRules(root: string, dockerfile: string): IgnoreRules {
  const path = [`${dockerfile}.dockerignore`, join(root, ".dockerignore")].find((file) => existsSync(file));
  return new IgnoreRules(path === undefined ? "" : readFileSync(path, "utf8"));
}

function* walk(root: string, folder: string, rules: IgnoreRules, kept: Set<string>): Generator<TarEntry> {
  const items: Dirent[] = readdirSync(join(root, folder), { withFileTypes: true });
  items.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const item of items) {
    const path = folder === "" ? item.name : `${folder}/${item.name}`;
    const excluded = rules.excludes(path) && !kept.has(path);
    const holdsKept = [...kept].some((file) => file.startsWith(`${path}/`));
    if (item.isDirectory()) {
      if (excluded && !rules.hasExceptions && !holdsKept) continue;
      if (!excluded) yield { path, mode: lstatSync(join(root, path)).mode & 0o7777, folder: true };
      yield* walk(root, path, rules, kept);
    } else if (!excluded) {
      yield* file(root, path, item);
    }
  }
}

function* file(root: string, path: string, item: Dirent): Generator<TarEntry> {
  const full = join(root, path);
  const mode = lstatSync(full).mode & 0o7777;
  if (item.isSymbolicLink()) yield { path, mode, link: readlinkSync(full) };
  // Sockets and pipes cannot be sent.
  else if (item.isFile()) yield { path, mode, content: readFileSync(full) };
}
