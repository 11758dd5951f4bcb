import { isObject } from "../../components/model/anything";
import { type Resource, tokenOf } from "../../policy";
import type { Place } from "../places";
import { filesOf, InputError } from "./files";
import type { Input, NotJudged } from "./input";
import { KUBERNETES, readYaml, type YamlDocument } from "./yaml";

type Keys = readonly (string | number)[];

interface Found {
  resources: Resource[];
  notJudged: NotJudged[];
  places: Map<object, (path: string) => Place>;
}

/** Objects of Kubernetes in files and folders: YAML with any number of documents, JSON, Helm's output, lists. */
export function readManifests(names: readonly string[]): Input {
  const found: Found = { resources: [], notJudged: [], places: new Map() };
  for (const file of filesOf(names, [".yaml", ".yml", ".json"])) {
    for (const document of readYaml(file, KUBERNETES)) {
      take(found, file, document, document.value, [], {});
    }
  }
  if (found.resources.length === 0) {
    throw new InputError(`${names.join(", ")}: no object with apiVersion and kind. Render charts and overlays first.`);
  }
  return { ...found, place: (resource, path) => found.places.get(resource)?.(path) };
}

/** @param inherited What the items of a typed list need not say. */
function take(
  found: Found,
  file: string,
  document: YamlDocument,
  value: unknown,
  keys: Keys,
  inherited: { apiVersion?: string; kind?: string },
): void {
  const { line } = document.place("", keys);
  if (!isObject(value)) {
    found.notJudged.push({ type: "no object", file, line, why: "is no object of Kubernetes" });
    return;
  }
  const { apiVersion = inherited.apiVersion, kind = inherited.kind, items, metadata } = { ...value } as Fields;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    found.notJudged.push({ type: "no object", file, line, why: "has no apiVersion and kind" });
    return;
  }
  if (kind.endsWith("List") && Array.isArray(items)) {
    const own = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
    for (const [index, item] of items.entries()) take(found, file, document, item, [...keys, "items", index], own);
    return;
  }
  const resource: Resource = {
    type: tokenOf(apiVersion, kind),
    name: nameOf(metadata),
    properties: value,
    file,
    line,
  };
  found.resources.push(resource);
  found.places.set(resource, (path) => document.place(path, keys));
}

interface Fields {
  apiVersion?: unknown;
  kind?: unknown;
  items?: unknown;
  metadata?: unknown;
}

function nameOf(metadata: unknown): string {
  if (!isObject(metadata)) return "unnamed";
  const { name, generateName } = { ...metadata } as { name?: unknown; generateName?: unknown };
  return [name, generateName].find((each) => typeof each === "string") ?? "unnamed";
}
