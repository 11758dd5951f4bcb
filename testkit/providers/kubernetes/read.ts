import { IncompleteResource, type ReadAnswer, type ReadCall } from "../shared/provider";
import { managerOf } from "./manager";
import { nameOf, sentence } from "./messages";
import { annotation, annotations, idOf, parseId, text } from "./object";
import { inputsOf, liveOf, outputsOf, toApiSpelling } from "./outputs";
import { READY } from "./readiness/readiness";
import { ruleOf } from "./readiness/rules";
import { isPatch, parseType } from "./type-token";
import type { Session } from "./write";

/** The object as it is; undefined when it is gone. An object that is not ready is told as such. */
export async function readObject(call: ReadCall, { cluster }: Session): Promise<ReadAnswer | undefined> {
  const known = Object.keys(call.inputs).length > 0;
  const token = parseType(call.type);
  const recorded = liveOf(call.outputs);
  const apiVersion = text(call.inputs.apiVersion) || text(recorded.apiVersion) || token.apiVersion;
  const kind = text(call.inputs.kind) || text(recorded.kind) || token.kind;
  const { namespace = cluster.namespace, name } = parseId(call.id);
  const live = await cluster.get(apiVersion, kind, namespace, name);
  if (live === undefined) return undefined;
  const manager = managerOf(call.inputs, call.outputs);
  const found = {
    id: call.id || idOf(live),
    inputs: inputsOf(live, toApiSpelling(call.inputs)),
    outputs: outputsOf(live, known ? call.inputs : {}, manager, text(call.outputs.__initialApiVersion) || apiVersion),
  };
  const rule = ruleOf(apiVersion, kind);
  const looksAtIt = known && rule?.onRead === true && annotation(call.inputs, annotations.skipAwait) !== "true";
  if (!looksAtIt || isPatch(call.type, call.inputs)) return found;
  const { state, message } = (await rule.check(live, cluster, false)) ?? READY;
  if (state === "ready") return found;
  const reasons = (await rule.explain?.(live, cluster)) ?? [];
  const reason = `${nameOf(call, found.id)}: ${sentence([message, ...reasons].join("; "))}`;
  throw new IncompleteResource(reason, found.id, found.outputs, found.inputs);
}
