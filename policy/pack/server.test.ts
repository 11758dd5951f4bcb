import { credentials, status } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RULES } from "../rules";
import { goodContainer, goodMetadata, goodSpec } from "../testing/good-pod";
import { resourceMessage } from "../testing/pack-server";
import { servePack } from "./server";

const { ADVISORY, DISABLED, MANDATORY, REMEDIATE } = proto.EnforcementLevel;
type JsonObject = Parameters<typeof Struct.fromJavaScript>[0];

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
  const [settings, ...listed] = info.getPoliciesList();
  expect(settings?.getName()).toBe("headgate");
  const known = settings?.getConfigschema()?.getProperties()?.toJavaScript();
  expect(Object.keys(known ?? {})).toContain("waivers");
  expect(listed.map((one) => one.getName())).toEqual(RULES.map(({ id }) => id));
  expect(listed.find((one) => one.getName() === "k8s-privileged")?.toObject()).toMatchObject({
    displayname: expect.stringMatching(/privileged/),
    enforcementlevel: proto.EnforcementLevel.MANDATORY,
    severity: proto.PolicySeverity.POLICY_SEVERITY_CRITICAL,
    framework: { name: "Pod Security Standards, baseline" },
    remediationSteps: expect.stringContaining("Remove privileged"),
  });
  const registry = listed.find((one) => one.getName() === "image-registry")?.getConfigschema();
  expect(registry?.getProperties()?.toJavaScript()).toMatchObject({ allowed: { type: "array" } });
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

describe("levels and options under a rule's own name", () => {
  const containers = [
    { ...goodContainer, securityContext: { ...goodContainer.securityContext, privileged: true, seccompProfile: null } },
  ];
  const spec = { ...goodSpec, securityContext: { ...goodSpec.securityContext, seccompProfile: null }, containers };
  const deployment = {
    type: "kubernetes:apps/v1:Deployment",
    name: "shop",
    properties: { metadata: goodMetadata, spec: { template: { metadata: goodMetadata, spec } } },
  };

  /** As the engine does: a level for every policy, what nobody set being the pack's own. */
  async function configured(
    set: Record<string, [level: proto.EnforcementLevel, properties?: object]>,
  ): Promise<Record<string, proto.EnforcementLevel>> {
    const request = new proto.ConfigureAnalyzerRequest();
    const own = Object.fromEntries(
      RULES.map(({ id, levels: { production } }) => [
        id,
        { off: DISABLED, advisory: ADVISORY, mandatory: MANDATORY }[production],
      ]),
    );
    for (const [name, level] of Object.entries({ headgate: MANDATORY, ...own })) {
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(set[name]?.[0] ?? set["all"]?.[0] ?? level);
      config.setProperties(Struct.fromJavaScript((set[name]?.[1] ?? {}) as JsonObject));
      request.getPolicyconfigMap().set(name, config);
    }
    await new Promise<void>((resolve, reject) =>
      client.configure(request, (error) => (error ? reject(error) : resolve())),
    );
    const sent = proto.AnalyzeRequest.deserializeBinary(resourceMessage(deployment));
    const found = await new Promise<proto.AnalyzeResponse>((resolve, reject) =>
      client.analyze(sent, (error, response) => (error ? reject(error) : resolve(response))),
    );
    return Object.fromEntries(
      found.getDiagnosticsList().map((one) => [one.getPolicyname(), one.getEnforcementlevel()]),
    );
  }

  it("lower what a finding does, and never raise it above what the environment says", async () => {
    expect(await configured({})).toMatchObject({ "k8s-privileged": MANDATORY, "k8s-seccomp": MANDATORY });
    const lowered = await configured({ "k8s-privileged": [ADVISORY], "k8s-seccomp": [DISABLED] });
    expect(lowered["k8s-privileged"]).toBe(ADVISORY);
    expect(lowered).not.toHaveProperty("k8s-seccomp");
    const development = { headgate: [MANDATORY, { environment: "development" }] } as const;
    const inDevelopment = await configured({ headgate: [...development.headgate], "k8s-seccomp": [MANDATORY] });
    expect(inDevelopment["k8s-seccomp"]).toBe(
      (await configured({ headgate: [...development.headgate] }))["k8s-seccomp"],
    );
    expect(new Set(Object.values(await configured({ all: [ADVISORY] })))).toEqual(new Set([ADVISORY]));
    expect(await configured({ all: [DISABLED] })).toEqual({});
    expect(await configured({ all: [MANDATORY] })).toEqual(await configured({}));
  });

  it("give a rule its options, unless the settings of all have them", async () => {
    const allowed = (host: string) => ({ allowed: [host] });
    expect(await configured({ "image-registry": [MANDATORY, allowed("ghcr.io")] })).toHaveProperty("image-registry");
    const both = await configured({
      headgate: [MANDATORY, { options: { "image-registry": allowed("registry.example") } }],
      "image-registry": [MANDATORY, allowed("ghcr.io")],
    });
    expect(both).not.toHaveProperty("image-registry");
    const wrong = await configured({ "image-registry": [MANDATORY, { alowed: ["ghcr.io"] }] });
    expect(wrong["headgate"]).toBe(MANDATORY);
  });

  async function remediated(): Promise<unknown> {
    const sent = proto.AnalyzeRequest.deserializeBinary(resourceMessage(deployment));
    const answer = await new Promise<proto.RemediateResponse>((resolve, reject) =>
      client.remediate(sent, (error, response) => (error ? reject(error) : resolve(response))),
    );
    return answer.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
  }

  it("have one rule add what is missing, and the others not", async () => {
    await configured({ "k8s-seccomp": [REMEDIATE] });
    const text = JSON.stringify(await remediated());
    expect(text).toContain('"seccompProfile":{"type":"RuntimeDefault"}');
    expect(text.replace('"seccompProfile":{"type":"RuntimeDefault"}', '"seccompProfile":null').length).toBe(
      JSON.stringify(deployment.properties).length,
    );
  });

  it("have nothing added while something is wrong with them, also once that was told", async () => {
    await configured({ "k8s-seccomp": [REMEDIATE], "image-registry": [MANDATORY, { alowed: [] }] });
    expect(await remediated()).toBe(undefined);
  });
});
