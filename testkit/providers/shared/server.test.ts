import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { afterEach, expect, it } from "vitest";
import { toProperties, toStruct } from "./messages";
import { IncompleteResource, type Provider } from "./provider";
import { type Listening, listen } from "./server";
import { type Properties, secret } from "./wire";

const URN = "urn:pulumi:s::p::kit:index:Parent$acme:index:Thing::na::me";
const TOKEN = "tk-1234-secret";
const raw = { token: secret(TOKEN), size: 1 };

let listening: Listening | undefined;
let client: ResourceProviderClient | undefined;
afterEach(() => {
  client?.close();
  listening?.close();
});

/** A provider whose operations are all given here. */
async function connect(provider: Partial<Provider>): Promise<ResourceProviderClient> {
  const missing = async () => {
    throw new Error("not expected");
  };
  const whole = {
    version: "1.0.0",
    check: missing,
    diff: missing,
    create: missing,
    read: missing,
    update: missing,
    delete: missing,
  };
  listening = await listen({ ...whole, ...provider }, undefined);
  client = new ResourceProviderClient(`127.0.0.1:${listening.port}`, credentials.createInsecure());
  return client;
}

function create(on: ResourceProviderClient, inputs: Properties): Promise<proto.CreateResponse> {
  const request = new proto.CreateRequest().setUrn(URN).setProperties(toStruct(inputs));
  return new Promise((resolve, reject) =>
    on.create(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

it("hands plain values to the provider, and seals what comes back", async () => {
  let seen: unknown;
  const on = await connect({
    create: async ({ inputs, type, name }) => {
      seen = { inputs, type, name };
      return { id: "id-1", outputs: { ...inputs, url: `https://x/?token=${TOKEN}`, plain: "yes", none: undefined } };
    },
  });
  const response = await create(on, raw);
  expect(seen).toEqual({ inputs: { token: TOKEN, size: 1 }, type: "acme:index:Thing", name: "na::me" });
  expect(response.getId()).toBe("id-1");
  expect(toProperties(response.getProperties())).toEqual({
    ...raw,
    url: secret(`https://x/?token=${TOKEN}`),
    plain: "yes",
  });
});

it("takes secrets out of errors", async () => {
  const on = await connect({
    create: async () => {
      throw new Error(`cannot log in with ${TOKEN}`);
    },
  });
  await expect(create(on, raw)).rejects.toMatchObject({ details: "cannot log in with [secret]" });
});

it("tells the engine of a resource that exists and is not ready", async () => {
  const on = await connect({
    create: async () => {
      throw new IncompleteResource(`${TOKEN} is not accepted yet`, "id-1", { token: TOKEN });
    },
  });
  const error: ServiceError = await create(on, raw).then(
    () => Promise.reject(new Error("expected a failure")),
    (reason: ServiceError) => reason,
  );
  const [details] = error.metadata.get("grpc-status-details-bin");
  expect(String(details)).toContain("id-1");
  expect(String(details)).toContain("[secret] is not accepted yet");
});

it("keeps secrets wrapped through a check, with failures named", async () => {
  const on = await connect({
    check: async ({ inputs }) => ({
      inputs: { ...inputs, made: "x" },
      failures: [{ property: "size", reason: "too small" }],
    }),
  });
  const request = new proto.CheckRequest().setUrn(URN).setNews(toStruct(raw)).setOlds(toStruct({}));
  const response = await new Promise<proto.CheckResponse>((resolve, reject) =>
    on.check(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  expect(toProperties(response.getInputs())).toEqual({ ...raw, made: "x" });
  expect(response.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()])).toEqual([
    ["size", "too small"],
  ]);
});

it("leaves ignored properties out of a difference", async () => {
  const on = await connect({
    diff: async () => ({ changed: ["size", "token"], replaces: ["token"], deleteBeforeReplace: true }),
  });
  const request = new proto.DiffRequest()
    .setUrn(URN)
    .setNews(toStruct(raw))
    .setOldInputs(toStruct(raw))
    .setIgnorechangesList(["token"]);
  const response = await new Promise<proto.DiffResponse>((resolve, reject) =>
    on.diff(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  expect(response.getDiffsList()).toEqual(["size"]);
  expect(response.getReplacesList()).toEqual([]);
});

it("tells changes place by place, without the ignored ones", async () => {
  const change = (path: string, replace = false) => ({ path, kind: "update" as const, replace });
  const detailed = [change("spec.a"), change("spec.b.c", true), change("spec.list[1].d")];
  const on = await connect({
    diff: async () => ({
      changed: detailed.map(({ path }) => path),
      replaces: ["spec.b.c"],
      deleteBeforeReplace: true,
      detailed,
    }),
  });
  const request = new proto.DiffRequest().setUrn(URN).setIgnorechangesList(["spec.b", "spec.list[*].d"]);
  const response = await new Promise<proto.DiffResponse>((resolve, reject) =>
    on.diff(request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );
  expect(response.getHasdetaileddiff()).toBe(true);
  expect(response.toObject().detaileddiffMap).toEqual([["spec.a", { kind: 4, inputdiff: false }]]);
  expect(response.getReplacesList()).toEqual([]);
  expect(response.getDiffsList()).toEqual([]);
});

it("seals a copy of the inputs among the outputs", async () => {
  const on = await connect({ create: async ({ inputs }) => ({ id: "1", outputs: { __inputs: inputs } }) });
  const response = await create(on, { pin: secret(7) });
  expect(toProperties(response.getProperties())).toEqual({ __inputs: { pin: secret(7) } });
});

it("answers a read of a vanished object with no id", async () => {
  const on = await connect({ read: async () => undefined });
  const response = await new Promise<proto.ReadResponse>((resolve, reject) =>
    on.read(new proto.ReadRequest().setUrn(URN).setId("gone"), (error, answer) =>
      error ? reject(error) : resolve(answer),
    ),
  );
  expect(response.getId()).toBe("");
});
