import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../core/cursor";
import { opened, plainOf, readFields, readResource, readStack } from "./wire";

type JsonObject = Parameters<typeof Struct.fromJavaScript>[0];

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

const structOf = (fields: unknown) => Struct.fromJavaScript(fields as JsonObject);
/** As the engine's messages come: in a buffer of Node's. */
const sent = (message: { serializeBinary(): Uint8Array }) => Buffer.from(message.serializeBinary());

function requestOf(properties: unknown, provider?: unknown): proto.AnalyzeRequest {
  const request = new proto.AnalyzeRequest();
  request.setType("aws:s3/bucket:Bucket");
  request.setName("shop");
  request.setUrn("urn:pulumi:dev::shop::aws:s3/bucket:Bucket::shop");
  request.setProperties(structOf(properties));
  const options = new proto.AnalyzerResourceOptions();
  options.setProtect(true);
  request.setOptions(options);
  if (provider !== undefined) {
    const of = new proto.AnalyzerProviderResource();
    of.setName("eu");
    of.setUrn("urn");
    of.setProperties(structOf(provider));
    request.setProvider(of);
  }
  return request;
}

const fields = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 5 }));

describe("what the engine sends", () => {
  it("is read as the generated code reads it", () => {
    fc.assert(
      fc.property(fields, fc.option(fields, { nil: undefined }), (properties, provider) => {
        const bytes = sent(requestOf(properties, provider));
        const generated = proto.AnalyzeRequest.deserializeBinary(bytes);
        const read = readResource(bytes);
        expect(read).toMatchObject({ type: generated.getType(), name: generated.getName(), urn: generated.getUrn() });
        expect(readFields(read.properties)).toEqual(generated.getProperties()?.toJavaScript());
        expect(read.provider && readFields(read.provider)).toEqual(
          generated.getProvider()?.getProperties()?.toJavaScript(),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("is read for a whole stack, with whatever else is told of its resources", () => {
    const request = new proto.AnalyzeStackRequest();
    for (const name of ["one", "two"]) {
      const resource = new proto.AnalyzerResource();
      resource.setType("a:b:C");
      resource.setName(name);
      resource.setUrn(`urn:${name}`);
      resource.setParent("urn:parent");
      resource.setDependenciesList(["urn:one"]);
      resource.getPropertydependenciesMap().set("x", new proto.AnalyzerPropertyDependencies());
      resource.setProperties(structOf({ name, nested: [{ deep: [null, true, 1.5] }] }));
      request.addResources(resource);
    }
    const read = readStack(sent(request));
    expect(read.map(({ type, name, urn }) => [type, name, urn])).toEqual([
      ["a:b:C", "one", "urn:one"],
      ["a:b:C", "two", "urn:two"],
    ]);
    expect(read.map(({ properties }) => readFields(properties))).toEqual([
      { name: "one", nested: [{ deep: [null, true, 1.5] }] },
      { name: "two", nested: [{ deep: [null, true, 1.5] }] },
    ]);
    expect(readStack(Buffer.alloc(0))).toEqual([]);
  });

  it("never becomes less by being cut off: that is an error", () => {
    const bytes = sent(requestOf({ list: ["a", { b: "c" }], text: "d" }));
    const properties = readResource(bytes).properties;
    for (let length = 1; length < properties.length; length += 1) {
      let read: unknown;
      try {
        read = readFields(properties.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        continue;
      }
      // What ends between two fields is a message of its own.
      expect([{ list: ["a", { b: "c" }] }, { text: "d" }]).toContainEqual(read);
    }
  });

  it("has no way to an object's prototype", () => {
    // The generated code cannot write that key.
    const bytes = sent(structOf({ __PROTO__: { polluted: true } }));
    const read = readFields(Buffer.from(bytes.toString("latin1").replace("__PROTO__", "__proto__"), "latin1"));
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect("polluted" in read).toBe(false);
    expect("polluted" in (plainOf(read) as object)).toBe(false);
  });
});

describe("values that stand for others", () => {
  it("are what they stand for, wherever they are", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect(plainOf({ a: [secret({ b: secret("c") }), unknown], d: secret(unknown), e: `${unknown}.` })).toEqual({
      a: [{ b: "c" }, UNKNOWN],
      d: UNKNOWN,
      e: `${unknown}.`,
    });
    expect(plainOf("dd056dcd-154b-4c76-9bd3-c8f88648b5ff")).toBe(UNKNOWN);
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", path: "./site", hash: "e3b0" };
    expect(plainOf({ source: asset })).toEqual({ source: { path: "./site", hash: "e3b0" } });
  });

  it("are opened one after the other", () => {
    expect(opened(secret(secret({ a: 1 })))).toEqual({ a: 1 });
    expect([opened("a"), opened(null), opened([1])]).toEqual(["a", null, [1]]);
  });
});
