import { formatPath } from "../shared/property-path";
import type { Change, DiffAnswer, DiffCall } from "../shared/provider";
import { hasUnknown, isRecord, type Properties } from "../shared/wire";
import { ApiError } from "./api";
import { type Difference, differences, withoutServerMetadata } from "./changes";
import { withoutNamespace } from "./check";
import type { Cluster } from "./cluster";
import type { KubernetesConfig } from "./config";
import { forcesReplacement, refusedPlaces } from "./forced-replacement";
import { managerOf } from "./manager";
import { annotation, annotations, at, type KubernetesObject, text } from "./object";
import { liveOf, toApiSpelling, withDataFolded } from "./outputs";
import { appliedFields } from "./ownership";
import { isTrue } from "./readiness/readiness";
import { isPatch } from "./type-token";

const NO_CHANGE: DiffAnswer = { changed: [], replaces: [], deleteBeforeReplace: false, detailed: [] };

interface Found extends Difference {
  replace: boolean;
}

/**
 * What an update would change. The program's changes decide whether there is anything to do, as in the official
 * plugin: what others do to the object shows after a refresh. The API server is asked what a change comes to.
 */
export async function diffInputs(
  call: DiffCall,
  cluster: Cluster | undefined,
  config: KubernetesConfig,
): Promise<DiffAnswer> {
  const old = withoutServerMetadata(toApiSpelling(call.oldInputs));
  const now = await placedLike(old, withoutServerMetadata(toApiSpelling(call.inputs)), cluster);
  const patch = isPatch(call.type, now);
  const found = differences(withDataFolded(old), withDataFolded(now)).map((difference) => ({
    ...difference,
    replace: forcesReplacement(now, difference.path, patch, config),
  }));
  const decided =
    found.length === 0 || found.some(({ replace }) => replace) || hasUnknown(now) || cluster === undefined
      ? found
      : await asServerSees(found, now as KubernetesObject, call, cluster);
  const unready = await replacesUnready(now, call, cluster);
  return answer([...decided, ...unready], old, now);
}

/** The new inputs, with a namespace where only the surroundings decide whether one is written. */
async function placedLike(old: Properties, now: Properties, cluster: Cluster | undefined): Promise<Properties> {
  if (!isRecord(now.metadata)) return now;
  const oldNamespace = at(old, "metadata", "namespace");
  const namespaced = await cluster?.discovery.isNamespaced(text(now.apiVersion), text(now.kind));
  if (namespaced === false) {
    const metadata = withoutNamespace(now.metadata);
    return { ...now, metadata: oldNamespace === undefined ? metadata : { ...metadata, namespace: oldNamespace } };
  }
  const namespace = now.metadata.namespace ?? oldNamespace;
  return namespace === undefined ? now : { ...now, metadata: { ...now.metadata, namespace } };
}

/** Drops what only spells the same differently, and finds what the API server refuses to change. */
async function asServerSees(found: Found[], now: KubernetesObject, call: DiffCall, cluster: Cluster): Promise<Found[]> {
  const mapping = await cluster.discovery.find(now.apiVersion, now.kind);
  const { name, namespace } = liveOf(call.oldOutputs).metadata;
  const live = mapping && (await cluster.read(mapping, namespace, name));
  if (mapping === undefined || live === undefined) return found;
  const manager = managerOf(now, call.oldOutputs);
  try {
    const result = await cluster.apply(mapping, now, { manager, force: true, dryRun: true });
    const sameOwnership = appliedFields(live, manager) === appliedFields(result, manager);
    const drifted = differences(withoutServerMetadata(live), withoutServerMetadata(result))
      .filter(({ path }) => path[0] !== "status" && at(now, ...path) !== undefined)
      .map((difference) => ({ ...difference, replace: false }));
    const kept = found.filter(
      ({ path }) => !sameOwnership || differences(at(live, ...path), at(result, ...path)).length > 0,
    );
    const known = new Set(kept.map(({ path }) => formatPath(path)));
    return [...kept, ...drifted.filter(({ path }) => !known.has(formatPath(path)))];
  } catch (error) {
    // The update itself tells of every other refusal.
    if (!(error instanceof ApiError)) throw error;
    const refused = refusedPlaces(
      error.message,
      error.causes,
      found.map(({ path }) => path),
    );
    return found.map((difference) => ({ ...difference, replace: refused?.includes(difference.path) ?? false }));
  }
}

/** A job that the program wants run again unless it succeeded. */
async function replacesUnready(now: Properties, call: DiffCall, cluster: Cluster | undefined): Promise<Found[]> {
  if (annotation(now, annotations.replaceUnready) !== "true") return [];
  if (now.kind !== "Job") {
    call.log?.("warning", `the annotation ${annotations.replaceUnready} is for jobs only`);
    return [];
  }
  const { name, namespace } = liveOf(call.oldOutputs).metadata;
  const live = await cluster?.get(text(now.apiVersion), "Job", namespace, name);
  if (live === undefined || isTrue(live, "Complete")) return [];
  return [{ path: ["metadata", "annotations", annotations.replaceUnready], kind: "update", replace: true }];
}

function answer(found: readonly Found[], old: Properties, now: Properties): DiffAnswer {
  if (found.length === 0) return NO_CHANGE;
  const detailed = found.map(({ path, kind, replace }): Change => ({ path: formatPath(path), kind, replace }));
  const replaces = detailed.filter(({ replace }) => replace).map(({ path }) => path);
  const same = (key: string) => at(old, "metadata", key) === at(now, "metadata", key);
  return {
    changed: detailed.map(({ path }) => path),
    replaces,
    // A name that the program chose is taken until the old object is gone.
    deleteBeforeReplace:
      replaces.length > 0 &&
      annotation(now, annotations.autonamed) !== "true" &&
      text(at(now, "metadata", "name")) !== "" &&
      same("name") &&
      same("namespace"),
    detailed,
  };
}
