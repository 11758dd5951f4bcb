import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Change, CheckAnswer, DiffAnswer } from "./provider";
import type { Properties } from "./wire";

const GRPC_UNKNOWN = 2;

export function toProperties(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : struct.toJavaScript();
}

export function toStruct(values: Properties): Struct {
  // JSON drops absent fields, for which the message has no word.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
}

export function answerCheck({ inputs, failures }: CheckAnswer): proto.CheckResponse {
  return new proto.CheckResponse()
    .setInputs(toStruct(inputs))
    .setFailuresList(
      failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason)),
    );
}

export function answerDiff({ changed, replaces, deleteBeforeReplace, detailed }: DiffAnswer): proto.DiffResponse {
  const { DiffChanges } = proto.DiffResponse;
  const answer = new proto.DiffResponse()
    .setChanges(changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    // The engine would show those only of the detailed changes that this list names by their first part.
    .setDiffsList(detailed === undefined ? changed : [])
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(detailed !== undefined);
  for (const { path, kind, replace } of detailed ?? []) {
    answer
      .getDetaileddiffMap()
      .set(path, new proto.PropertyDiff().setKind(KINDS[kind][Number(replace)] ?? 0).setInputdiff(kind === "delete"));
  }
  return answer;
}

const { Kind } = proto.PropertyDiff;
const KINDS: Record<Change["kind"], readonly proto.PropertyDiff.Kind[]> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

/** The detail of an error that says: the resource exists under this id, but is not ready. */
export function initFailure(id: string, outputs: Properties, reason: string, inputs?: Properties): Uint8Array {
  const failed = new proto.ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(toStruct(outputs));
  failed.setReasonsList([reason]);
  if (inputs !== undefined) failed.setInputs(toStruct(inputs));
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(GRPC_UNKNOWN);
  status.setMessage(reason);
  status.addDetails(detail);
  return status.serializeBinary();
}
