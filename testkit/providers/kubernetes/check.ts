import { DEFAULTS, makeName } from "../shared/autoname";
import type { CheckAnswer, CheckCall } from "../shared/provider";
import { isRecord, type Properties } from "../shared/wire";
import type { Cluster } from "./cluster";
import { nameOf } from "./messages";
import { annotation, annotations, at, isDefinition, record, text } from "./object";
import { toApiSpelling, withSecretsMarked } from "./outputs";
import { waitForRule } from "./readiness/wait-for";
import { isPatch, parseType, refusal } from "./type-token";

/** Completes the inputs by what the object needs and the program left out: kind, name, namespace. */
export async function checkInputs(
  call: CheckCall,
  cluster: Cluster | undefined,
  namespace: string | undefined,
): Promise<CheckAnswer> {
  const { [DEFAULTS]: _, ...given } = call.inputs;
  const failures = problemsOf(call, given).map((reason) => ({ property: "", reason: `${nameOf(call)}: ${reason}.` }));
  if (failures.length > 0) return { inputs: call.inputs, failures };
  const { apiVersion, kind } = parseType(call.type);
  const typed = { ...given, apiVersion: given.apiVersion ?? apiVersion, kind: given.kind ?? kind };
  const placed = await withNamespace(withName(call, typed), cluster, namespace);
  if (isDefinition(placed)) cluster?.discovery.announce(toApiSpelling(placed));
  return { inputs: withSecretsMarked(placed), failures: [] };
}

function problemsOf({ type }: CheckCall, inputs: Properties): string[] {
  const refused = refusal(type, inputs);
  if (refused !== undefined) return [refused.replace(/\.$/, "")];
  const found: string[] = [];
  const { name, generateName } = record(inputs.metadata);
  if (name === undefined && text(generateName) !== "") {
    found.push(
      "metadata.generateName is not supported with server-side apply. Leave it out: a name is made, or set metadata.name",
    );
  }
  if (name === undefined && isPatch(type, inputs)) {
    found.push("metadata.name is missing. A Patch resource changes an object that exists: name it");
  }
  try {
    waitForRule(inputs);
  } catch (error) {
    found.push(error instanceof Error ? error.message : String(error));
  }
  return found;
}

function withName(call: CheckCall, inputs: Properties): Properties {
  const metadata = inputs.metadata ?? {};
  // A metadata that is not known yet brings its own name.
  if (!isRecord(metadata) || (metadata.name !== undefined && metadata.name !== null)) return inputs;
  const inherited = annotation(call.oldInputs, annotations.autonamed) === "true";
  const old = inherited ? text(at(call.oldInputs, "metadata", "name")) : "";
  const named = { ...metadata, name: old || makeName(call, "metadata.name", 8) };
  const noted = metadata.annotations ?? {};
  if (!isRecord(noted)) return { ...inputs, metadata: named };
  return { ...inputs, metadata: { ...named, annotations: { ...noted, [annotations.autonamed]: "true" } } };
}

async function withNamespace(
  inputs: Properties,
  cluster: Cluster | undefined,
  fallback: string | undefined,
): Promise<Properties> {
  const { metadata } = inputs;
  if (!isRecord(metadata)) return inputs;
  const namespaced = await cluster?.discovery.isNamespaced(text(inputs.apiVersion), text(inputs.kind));
  if (namespaced === false) return { ...inputs, metadata: withoutNamespace(metadata) };
  // A kind that nobody knows yet lies in a namespace, as most do; its creation finds out.
  const chosen = cluster === undefined ? fallback : cluster.namespace;
  if (text(metadata.namespace) !== "" || chosen === undefined) return inputs;
  return { ...inputs, metadata: { ...metadata, namespace: chosen } };
}

export function withoutNamespace({ namespace: _, ...metadata }: Properties): Properties {
  return metadata;
}
