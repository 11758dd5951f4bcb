import { parsePath } from "../shared/property-path";
import { type CreateCall, IncompleteResource, type Log, type UpdateCall } from "../shared/provider";
import { hasUnknown, type Properties } from "../shared/wire";
import { ApiError, isMissing, lacksRights } from "./api";
import { withoutServerMetadata } from "./changes";
import { withoutNamespace } from "./check";
import type { Cluster } from "./cluster";
import type { KubernetesConfig } from "./config";
import type { Mapping } from "./discovery";
import { managerOf } from "./manager";
import { missingKind, nameOf, reasonOf, sentence } from "./messages";
import { annotation, annotations, at, idOf, isDefinition, type KubernetesObject, text } from "./object";
import { liveOf, outputsOf, plannedOutputs, toApiSpelling, withSecretsMarked } from "./outputs";
import { hasPredecessor, inherited, isForeign } from "./ownership";
import { NotReadyError, sleep, untilReady } from "./readiness/await";
import { ruleOf } from "./readiness/rules";
import { waitForRule } from "./readiness/wait-for";
import { isPatch } from "./type-token";

const DEFAULT_TIMEOUT_SECONDS = 600;
/** Pauses after a creation for which a namespace or a kind is still missing. */
const RETRY_SECONDS = [1, 2, 4, 8, 16];
const MANAGER_ATTEMPTS = 5;

/** What the operations of a provider share. */
export interface Session {
  cluster: Cluster;
  config: KubernetesConfig;
  signal: AbortSignal;
}

export function timeoutMillis(inputs: Properties, seconds: number | undefined): number {
  const noted = Number(annotation(inputs, annotations.timeoutSeconds));
  return (seconds ?? (noted > 0 ? noted : DEFAULT_TIMEOUT_SECONDS)) * 1000;
}

/** The object of a resource, in the API server's spelling and scope. */
function objectOf(inputs: Properties, mapping: Mapping | undefined): KubernetesObject {
  const object = withoutServerMetadata(toApiSpelling(inputs)) as KubernetesObject;
  if (mapping?.namespaced !== false) return object;
  return { ...object, metadata: withoutNamespace({ ...object.metadata }) as unknown as KubernetesObject["metadata"] };
}

/** What a creation would make, as far as it can be known; the inputs where it cannot. */
export async function previewCreation(call: CreateCall, session: Session): Promise<Properties> {
  const { cluster, config } = session;
  const inputs = withSecretsMarked(call.inputs);
  const { apiVersion, kind } = call.inputs;
  if (hasUnknown(call.inputs) || isPatch(call.type, call.inputs)) return inputs;
  const mapping = await cluster.discovery.find(text(apiVersion), text(kind));
  if (mapping === undefined) return inputs;
  const manager = managerOf(call.inputs, {});
  try {
    const planned = await cluster.tryCreate(mapping, objectOf(call.inputs, mapping), manager, warn(call.log, config));
    return withSecretsMarked(plannedOutputs(planned, call.inputs));
  } catch (error) {
    if (isProvisional(error)) return inputs;
    if (!lacksRights(error)) throw error;
    call.log("warning", `the preview knows only the program, and the update will fail: ${sentence(reasonOf(error))}`);
    return inputs;
  }
}

/** The namespace is made by the same update, or the old object of a replacement is still there. */
function isProvisional(error: unknown): boolean {
  return isMissing(error) || (error instanceof ApiError && error.reason === "AlreadyExists");
}

export async function createObject(call: CreateCall, session: Session): Promise<{ id: string; outputs: Properties }> {
  const manager = managerOf(call.inputs, {});
  const made = await retried(call, session, (mapping) => createOnce(call, session, mapping, manager));
  const id = idOf(made);
  return { id, outputs: await settled(call, session, made, manager, true) };
}

async function createOnce(call: CreateCall, { cluster, config }: Session, mapping: Mapping, manager: string) {
  const object = objectOf(call.inputs, mapping);
  const { name, namespace } = object.metadata;
  const patch = isPatch(call.type, call.inputs);
  const existing = await cluster.read(mapping, namespace, name);
  if (!patch && !config.upsert && existing !== undefined) {
    throw new Error(
      `${idOf(existing)} exists already. Import it, choose another metadata.name, or change single fields of it by ${object.kind}Patch`,
    );
  }
  const force = isForced(call.inputs, config);
  return cluster.apply(mapping, object, { manager, force, dryRun: false, onWarning: warn(call.log, config) });
}

/** A namespace or a definition of the same program may take a moment. */
async function retried(
  call: CreateCall,
  { cluster, signal }: Session,
  attempt: (mapping: Mapping) => Promise<KubernetesObject>,
): Promise<KubernetesObject> {
  const apiVersion = text(call.inputs.apiVersion);
  const kind = text(call.inputs.kind);
  for (const pause of [...RETRY_SECONDS, undefined]) {
    let problem: unknown;
    const mapping = await cluster.discovery.find(apiVersion, kind);
    try {
      if (mapping !== undefined) return await attempt(mapping);
      problem = new Error(missingKind(apiVersion, kind));
    } catch (error) {
      if (!isMissing(error)) throw error;
      problem = error;
    }
    if (pause === undefined || signal.aborted) throw problem;
    call.log("info", `trying again in ${pause} s: ${reasonOf(problem)}`, true);
    await sleep(pause * 1000, signal);
    cluster.discovery.forget(apiVersion);
  }
  throw new Error(missingKind(apiVersion, kind));
}

export async function updateObject(call: UpdateCall, session: Session): Promise<Properties> {
  const { cluster, config } = session;
  const mapping = await cluster.discovery.find(text(call.inputs.apiVersion), text(call.inputs.kind));
  const unknown = call.preview && (hasUnknown(call.inputs) || mapping === undefined);
  if (unknown) return withSecretsMarked(call.inputs);
  if (mapping === undefined) throw new Error(missingKind(text(call.inputs.apiVersion), text(call.inputs.kind)));
  const { name, namespace } = liveOf(call.oldOutputs).metadata;
  const live = await cluster.read(mapping, namespace, name);
  if (live === undefined) {
    throw new Error("it is gone from the cluster. Run pulumi refresh, then pulumi up makes it again");
  }
  const manager = managerOf(call.inputs, call.oldOutputs);
  const patch = isPatch(call.type, call.inputs);
  const heir = !patch && hasPredecessor(live);
  const current = heir && !call.preview ? await inherit(cluster, mapping, live, manager) : live;
  const object = withoutIgnored(objectOf(call.inputs, mapping), current, call.ignoreChanges ?? [], manager);
  const force = isForced(call.inputs, config) || (heir && call.preview) || current.metadata.managedFields === undefined;
  const onWarning = warn(call.log, config);
  let applied: KubernetesObject;
  try {
    applied = await cluster.apply(mapping, object, { manager, force, dryRun: call.preview, onWarning });
  } catch (error) {
    if (!call.preview || !lacksRights(error)) throw error;
    call.log("warning", `the preview knows only the program, and the update will fail: ${sentence(reasonOf(error))}`);
    return withSecretsMarked(call.inputs);
  }
  const old = text(call.oldOutputs.__fieldManager);
  const initialApiVersion = text(call.oldOutputs.__initialApiVersion) || applied.apiVersion;
  if (call.preview) return outputsOf(applied, call.inputs, manager, initialApiVersion);
  if (old !== "" && old !== manager) await relinquish(cluster, mapping, applied, old);
  return settled(call, session, applied, manager, false, initialApiVersion);
}

/** The fields of the managers that made the object pass to the resource's own. */
async function inherit(cluster: Cluster, mapping: Mapping, live: KubernetesObject, manager: string) {
  let current = live;
  for (let attempt = 1; ; attempt++) {
    try {
      return await cluster.setManagers(mapping, current, inherited(current, manager));
    } catch (error) {
      const changed = error instanceof ApiError && error.statusCode === 409 && attempt < MANAGER_ATTEMPTS;
      if (!changed) throw error;
      current = (await cluster.read(mapping, live.metadata.namespace, live.metadata.name)) ?? current;
    }
  }
}

/** A manager that applies nothing owns nothing. */
export async function relinquish(cluster: Cluster, mapping: Mapping, object: KubernetesObject, manager: string) {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const identity = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  await cluster.apply(mapping, identity, { manager, force: false, dryRun: false });
}

/** Fields of ignoreChanges stay with whoever owns them; the manager's own keep the value they have. */
function withoutIgnored(
  object: KubernetesObject,
  live: KubernetesObject,
  ignoreChanges: readonly string[],
  manager: string,
): KubernetesObject {
  return ignoreChanges.map(parsePath).reduce<KubernetesObject>((kept, path) => {
    const value = isForeign(live, path, manager) ? undefined : (at(live, ...path) ?? at(kept, ...path));
    return withValue(kept, path, value) as KubernetesObject;
  }, object);
}

function withValue(target: unknown, [first, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(target)) {
    return target.map((item, index) => (index === first || first === "*" ? withValue(item, rest, value) : item));
  }
  if (typeof target !== "object" || target === null) return target;
  const fields = Object.entries(target).filter(([key]) => key !== first);
  const old = (target as Properties)[first];
  if (old === undefined && (rest.length > 0 || value === undefined)) return target;
  const changed = withValue(old, rest, value);
  return Object.fromEntries(changed === undefined ? fields : [...fields, [first, changed]]);
}

function isForced(inputs: Properties, config: KubernetesConfig): boolean {
  return config.patchForce || annotation(inputs, annotations.patchForce) === "true";
}

/** Waits until the object is ready, and gives what the state keeps. */
async function settled(
  call: CreateCall,
  { cluster, signal }: Session,
  made: KubernetesObject,
  manager: string,
  isNew: boolean,
  initialApiVersion = made.apiVersion,
): Promise<Properties> {
  const outputs = (object: KubernetesObject) => outputsOf(object, call.inputs, manager, initialApiVersion);
  const { apiVersion, kind, metadata } = made;
  if (isDefinition(made)) cluster.discovery.forget();
  const rule = waitForRule(call.inputs) ?? ruleOf(apiVersion, kind);
  const skipped = annotation(call.inputs, annotations.skipAwait) === "true";
  if (rule === undefined || skipped || isPatch(call.type, call.inputs)) return outputs(made);
  try {
    const ready = await untilReady({
      object: made,
      read: () => cluster.get(apiVersion, kind, metadata.namespace, metadata.name),
      rule,
      around: cluster,
      isNew,
      timeoutMillis: timeoutMillis(call.inputs, call.timeoutSeconds),
      log: call.log,
      signal,
    });
    if (isDefinition(made)) cluster.discovery.forget();
    return outputs(ready);
  } catch (error) {
    const last = error instanceof NotReadyError ? error.object : made;
    const reason = `${nameOf(call, idOf(made))}: ${sentence(reasonOf(error))}`;
    throw new IncompleteResource(reason, idOf(made), outputs(last));
  }
}

function warn(log: Log, { suppressWarnings }: KubernetesConfig): ((warning: string) => void) | undefined {
  return suppressWarnings ? undefined : (warning) => log("warning", warning);
}
