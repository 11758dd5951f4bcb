import { isRecord, type Properties, secret, UNKNOWN } from "../shared/wire";
import { prune, withoutServerMetadata } from "./changes";
import { at, isSecretObject, type KubernetesObject, LAST_APPLIED, record } from "./object";

/** Keys of a definition's schema, which the package writes with underscores. */
const DASHED = /^x-kubernetes-[a-z-]+$/;
const UNDERSCORED = /^x_kubernetes_[a-z_]+$/;

function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renamed(item, rename)]));
}

/** A resource's properties as the API server spells them. */
export function toApiSpelling(values: Properties): Properties {
  const rename = (key: string) => (UNDERSCORED.test(key) ? key.replaceAll("_", "-") : key);
  return renamed(values, rename) as Properties;
}

function toPackageSpelling(values: Properties): Properties {
  const rename = (key: string) => (DASHED.test(key) ? key.replaceAll("-", "_") : key);
  return renamed(values, rename) as Properties;
}

/** Inputs and outputs of a Secret with its data marked, whether or not the program marked it. */
export function withSecretsMarked(values: Properties): Properties {
  if (!isSecretObject(values)) return values;
  const marked = { ...values };
  for (const key of ["data", "stringData"]) if (marked[key] !== undefined) marked[key] = secret(marked[key]);
  const applied = at(values, "metadata", "annotations", LAST_APPLIED);
  if (applied !== undefined) {
    const metadata = record(values.metadata);
    marked.metadata = {
      ...metadata,
      annotations: { ...record(metadata.annotations), [LAST_APPLIED]: secret(applied) },
    };
  }
  return marked;
}

/** What a resource's state holds: the object, and what later operations need to know of its making. */
export function outputsOf(
  live: KubernetesObject,
  inputs: Properties,
  manager: string,
  initialApiVersion: string,
): Properties {
  const { managedFields: _, ...metadata } = live.metadata;
  return {
    ...withSecretsMarked(toPackageSpelling({ ...live, metadata })),
    __inputs: withSecretsMarked(toPackageSpelling(inputs)),
    __initialApiVersion: initialApiVersion,
    __fieldManager: manager,
  };
}

/** The object behind the outputs. */
export function liveOf(outputs: Properties): KubernetesObject {
  const kept = Object.entries(outputs).filter(([key]) => !key.startsWith("__"));
  return toApiSpelling(Object.fromEntries(kept)) as KubernetesObject;
}

/** What a preview may promise of an object that does not exist yet. */
export function plannedOutputs(answer: KubernetesObject, inputs: Properties): Properties {
  const { status: _, ...planned } = withoutServerMetadata(answer);
  if (planned.kind !== "Service" || !isRecord(planned.spec)) return planned;
  // The dry run picks addresses and ports that the real one may not get.
  const picked = ["clusterIP", "clusterIPs", "healthCheckNodePort"].filter(
    (key) => at(inputs, "spec", key) === undefined,
  );
  const spec = Object.fromEntries(Object.entries(planned.spec).filter(([key]) => !picked.includes(key)));
  return { ...planned, spec };
}

/** A Secret's stringData, which the API server only writes: it is read back from the data. */
function readableData(live: KubernetesObject, inputs: Properties): Properties {
  if (!isSecretObject(live) || !isRecord(inputs.stringData)) return {};
  const found = Object.keys(inputs.stringData).flatMap((key) => {
    const value = at(live, "data", key);
    return typeof value === "string" ? [[key, Buffer.from(value, "base64").toString("utf8")]] : [];
  });
  return { stringData: Object.fromEntries(found) };
}

/** A Secret's inputs with all of its data in one place, as the API server keeps it. */
export function withDataFolded(inputs: Properties): Properties {
  if (!isSecretObject(inputs) || !isRecord(inputs.stringData)) return inputs;
  const { stringData, ...rest } = inputs;
  const encoded = Object.entries(record(stringData)).map(([key, value]) => [
    key,
    value === UNKNOWN ? value : Buffer.from(String(value)).toString("base64"),
  ]);
  return { ...rest, data: { ...record(inputs.data), ...Object.fromEntries(encoded) } };
}

/** The inputs a living object would have: what the program sets of it, or all of it when no program set anything. */
export function inputsOf(live: KubernetesObject, inputs: Properties): Properties {
  if (Object.keys(inputs).length > 0) {
    const pruned = { ...(prune(live, inputs) as Properties), ...readableData(live, inputs) };
    return withSecretsMarked(toPackageSpelling(pruned));
  }
  const { status: _, ...whole } = withoutServerMetadata(live);
  const annotations = Object.entries(record(at(whole, "metadata", "annotations"))).filter(
    ([key]) => key !== LAST_APPLIED && key !== "deployment.kubernetes.io/revision",
  );
  const { annotations: _all, ...metadata } = record(whole.metadata);
  const cleaned = annotations.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(annotations) };
  return withSecretsMarked(toPackageSpelling({ ...whole, metadata: cleaned }));
}
