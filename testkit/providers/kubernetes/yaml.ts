import { parseAllDocuments } from "yaml";
import { isRecord, type Properties } from "../shared/wire";
import type { Cluster } from "./cluster";
import { record, text } from "./object";

/** Tags of YAML 1.1 that a Kubernetes manifest does not have: what looks like a time is a text. */
const FOREIGN_TAGS = ["timestamp", "intTime", "floatTime", "binary"];

/** Objects of a manifest, without its empty documents. */
export async function decodeYaml(args: Properties, cluster: () => Promise<Cluster | undefined>): Promise<Properties> {
  const documents = parseAllDocuments(text(args.text), {
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => !FOREIGN_TAGS.includes(typeof tag === "string" ? tag : nameOf(tag.tag))),
  });
  const objects: Properties[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [problem] = document.errors;
    if (problem !== undefined) throw new Error(`kubernetes:yaml:decode: ${problem.message.split("\n")[0]}`);
    const value: unknown = document.toJS();
    if (isRecord(value) && text(value.kind) !== "" && text(value.apiVersion) !== "") objects.push(value);
  }
  const namespace = text(args.defaultNamespace);
  if (namespace === "") return { result: objects };
  const discovery = (await cluster())?.discovery;
  const placed = objects.map(async (object) => {
    const metadata = record(object.metadata);
    const namespaced = (await discovery?.isNamespaced(text(object.apiVersion), text(object.kind))) ?? true;
    return namespaced && text(metadata.namespace) === "" ? { ...object, metadata: { ...metadata, namespace } } : object;
  });
  return { result: await Promise.all(placed) };
}

function nameOf(tag: string): string {
  return tag.split(":").pop() ?? "";
}
