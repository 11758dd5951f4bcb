import { credentials, status } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RULES } from "../rules";
import { servePack } from "./server";

let client: AnalyzerClient;
let close: () => void;

beforeAll(async () => {
  const served = await servePack(RULES, "1.2.3");
  close = served.close;
  client = new AnalyzerClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
});
afterAll(() => {
  client.close();
  close();
});

/** Hands over bytes as they are. */
const raw = (method: string, bytes: number[]) =>
  new Promise<number | undefined>((resolve) =>
    client.makeUnaryRequest(
      `/pulumirpc.Analyzer/${method}`,
      (given: Buffer) => given,
      (taken: Buffer) => taken,
      Buffer.from(bytes),
      (error) => resolve(error?.code),
    ),
  );

it("says what it is, and which configuration it takes", async () => {
  const info = await new Promise<proto.AnalyzerInfo>((resolve, reject) =>
    client.getAnalyzerInfo(new Empty(), (error, found) => (error ? reject(error) : resolve(found))),
  );
  expect(info.toObject()).toMatchObject({ name: "headgate", version: "1.2.3", supportsconfig: true });
  const [policy, ...more] = info.getPoliciesList();
  expect(more).toEqual([]);
  expect(policy?.getEnforcementlevel()).toBe(proto.EnforcementLevel.MANDATORY);
  const known = policy?.getConfigschema()?.getProperties()?.toJavaScript();
  expect(Object.keys(known ?? {}).sort()).toEqual([
    "environment",
    "levels",
    "options",
    "remediate",
    "unknown",
    "waivers",
  ]);
});

it("fails on what it cannot read, instead of finding nothing", async () => {
  const [type, properties, length] = [0x0a, 0x12, 0x7f];
  for (const method of ["Analyze", "Remediate", "AnalyzeStack"]) {
    const first = method === "AnalyzeStack" ? type : properties;
    expect(await raw(method, [first, length, 1]), method).toBe(status.INTERNAL);
  }
  // A message that is whole, with properties that are not.
  const pod = [...Buffer.from("kubernetes:core/v1:Pod")];
  expect(await raw("Analyze", [type, pod.length, ...pod, properties, 2, type, length])).toBe(status.UNKNOWN);
});

it("takes a stack of 20 MB", async () => {
  const request = new proto.AnalyzeStackRequest();
  for (let index = 0; index < 20; index += 1) {
    const resource = new proto.AnalyzerResource();
    resource.setType("a:b:C");
    resource.setProperties(Struct.fromJavaScript({ text: "x".repeat(1024 * 1024) }));
    request.addResources(resource);
  }
  const found = await new Promise<proto.AnalyzeResponse>((resolve, reject) =>
    client.analyzeStack(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
  expect(found.getDiagnosticsList().map((one) => one.getMessage())).toEqual([]);
});
