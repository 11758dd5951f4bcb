import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { describeValue, type Problem } from "../../model/problem";
import type { CrdFile } from "./crd-sources";

/** A CustomResourceDefinition as its file has it. */
export interface Crd {
  metadata: { name: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  spec: Record<string, unknown>;
}

/** CRDs that are known already, or are read later from the official files. */
export interface CrdSource {
  local?: Crd[];
  official?: CrdFile[];
}

/** The CRDs in a file of YAML. Everything else in it is left out. */
export function crdsOf(text: string): Crd[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as { kind?: unknown; metadata?: { name?: unknown }; spec?: unknown } | null)
    .filter((object) => object?.kind === "CustomResourceDefinition" && typeof object.metadata?.name === "string")
    .map((object) => {
      // Only what is its own: a live object's status and numbers would be refused.
      const { metadata, spec } = object as unknown as Crd;
      const { name, annotations, labels } = metadata;
      return { metadata: { name, ...(annotations && { annotations }), ...(labels && { labels }) }, spec };
    });
}

/** Where CRDs come from: a file or a folder of the user's, which must hold those that are needed, else the official ones. */
export function crdSource(path: string | undefined, official: CrdFile[], at: string, problems: Problem[]): CrdSource {
  if (path === undefined) return { official };
  const got = describeValue(path);
  if (!existsSync(path)) {
    problems.push({ path: at, problem: "does not exist", got, fix: "Give a file or a folder with the manifests" });
    return {};
  }
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const local = files.flatMap((file) => crdsOf(readFileSync(file, "utf8")));
  const missing = official
    .flatMap(({ names }) => names)
    .filter((name) => !local.some(({ metadata }) => metadata.name === name));
  if (missing.length > 0) {
    const fix = "Give the manifests of the version of its image";
    problems.push({ path: at, problem: `has no CustomResourceDefinition ${missing.join(", ")}`, got, fix });
  }
  return { local };
}
