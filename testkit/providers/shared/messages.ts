import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { CheckAnswer, DiffAnswer } from "./provider";
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

export function answerDiff({ changed, replaces, deleteBeforeReplace }: DiffAnswer): proto.DiffResponse {
  const { DiffChanges } = proto.DiffResponse;
  return new proto.DiffResponse()
    .setChanges(changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace);
}

/** The detail of an error that says: the resource exists under this id, but is not ready. */
export function initFailure(id: string, outputs: Properties, reason: string): Uint8Array {
  const failed = new proto.ErrorResourceInitFailed();
  failed.setId(id);
  failed.setProperties(toStruct(outputs));
  failed.setReasonsList([reason]);
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(GRPC_UNKNOWN);
  status.setMessage(reason);
  status.addDetails(detail);
  return status.serializeBinary();
}
