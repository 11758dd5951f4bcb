import { Reader } from "protobufjs/minimal";
import { UNKNOWN } from "../core/cursor";

/** A resource as the engine sends it. What its properties are is only read when somebody asks. */
export interface WireResource {
  type: string;
  name: string;
  urn: string;
  /** A `google.protobuf.Struct`. */
  properties: Uint8Array;
  /** Settings of its provider, another; absent where it has none. */
  provider?: Uint8Array;
}

type Fields = Record<string, unknown>;

/** In an object of the engine's wire: it stands for a value of another kind. pulumi/sdk/go/common/resource/sig.go. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
/** What stands for a value that is not known yet: pulumi/sdk/go/common/resource/plugin/rpc.go, one for each kind of value. */
const UNKNOWNS = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

// Numbers of fields: pulumi/proto/pulumi/analyzer.proto.

/**
 * An `AnalyzeRequest`, or an `AnalyzerResource`, which begins with the same fields. By hand, since the generated code
 * takes fifteen times as long and eight times the memory for a stack of 5,000 resources.
 */
export function readResource(bytes: Uint8Array): WireResource {
  const resource: WireResource = { type: "", name: "", urn: "", properties: new Uint8Array() };
  eachField(Reader.create(bytes), bytes.length, (field, reader) => {
    if (field === 1) resource.type = reader.string();
    else if (field === 2) resource.properties = reader.bytes();
    else if (field === 3) resource.urn = reader.string();
    else if (field === 4) resource.name = reader.string();
    else if (field === 6) {
      eachField(reader, reader.uint32() + reader.pos, (inner, of) => {
        if (inner !== 2) return false;
        resource.provider = of.bytes();
        return true;
      });
    } else return false;
    return true;
  });
  return resource;
}

/** An `AnalyzeStackRequest`. */
export function readStack(bytes: Uint8Array): WireResource[] {
  const resources: WireResource[] = [];
  eachField(Reader.create(bytes), bytes.length, (field, reader) => {
    if (field !== 1) return false;
    resources.push(readResource(reader.bytes()));
    return true;
  });
  return resources;
}

/** A Struct as it was sent: secrets and what is unknown are still what stands for them. */
export function readFields(bytes: Uint8Array): Fields {
  const reader = Reader.create(bytes);
  return structFrom(reader, bytes.length);
}

/** Plain data, as rules see it: secrets opened, and UNKNOWN in place of what is not known yet. */
export function plainOf(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainOf);
  const fields = value as Fields;
  if (isSecret(fields)) return plainOf(fields["value"]);
  const plain: Fields = {};
  for (const key of Object.keys(fields)) if (key !== SIGNATURE) set(plain, key, plainOf(fields[key]));
  return plain;
}

/** What is in a secret; any other value itself. */
export const opened = (value: unknown): unknown =>
  typeof value === "object" && value !== null && isSecret(value as Fields) ? opened((value as Fields)["value"]) : value;

const isSecret = (fields: Fields): boolean => fields[SIGNATURE] === SECRET;

/** Hands over each field up to `end`; one that is not taken is passed over. */
function eachField(reader: Reader, end: number, take: (field: number, reader: Reader) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!take(tag >>> 3, reader)) reader.skipType(tag & 7);
  }
}

function structFrom(reader: Reader, end: number): Fields {
  const fields: Fields = {};
  while (reader.pos < end) {
    reader.uint32();
    const last = reader.uint32() + reader.pos;
    let [key, value]: [string, unknown] = ["", null];
    while (reader.pos < last) {
      if (reader.uint32() >>> 3 === 1) key = reader.string();
      else value = valueFrom(reader, reader.uint32() + reader.pos);
    }
    set(fields, key, value);
  }
  return fields;
}

function valueFrom(reader: Reader, end: number): unknown {
  let value: unknown = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 2:
        value = reader.double();
        break;
      case 3:
        value = reader.string();
        break;
      case 4:
        value = reader.bool();
        break;
      case 5:
        value = structFrom(reader, reader.uint32() + reader.pos);
        break;
      case 6:
        value = listFrom(reader, reader.uint32() + reader.pos);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return value;
}

function listFrom(reader: Reader, end: number): unknown[] {
  const list: unknown[] = [];
  while (reader.pos < end) {
    reader.uint32();
    list.push(valueFrom(reader, reader.uint32() + reader.pos));
  }
  return list;
}

/** A key of a resource may be named like the one that changes an object's prototype. */
function set(fields: Fields, key: string, value: unknown): void {
  if (key !== "__proto__") fields[key] = value;
  else Object.defineProperty(fields, key, { value, enumerable: true, writable: true, configurable: true });
}
