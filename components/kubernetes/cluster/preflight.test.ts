import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { asked } from "../../delegate/provider";
import { preflightProvider } from "./preflight";
import type { PreflightInputs } from "./preflight-inputs";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An API server that answers by path: a status, or a body. */
async function apiServer(answers: Record<string, number | object>): Promise<string> {
  const server = createServer(({ url = "" }, response) => {
    const answer = answers[url.split("?")[0] ?? ""] ?? 404;
    const [status, body] = typeof answer === "number" ? [answer, { kind: "Status", code: answer }] : [200, answer];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const inputs = (server: string, neededCrds: PreflightInputs["neededCrds"] = []): PreflightInputs => ({
  component: "KubernetesPlatform",
  name: "platform",
  kubeconfig: JSON.stringify({
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token: "hunter2" } }],
    contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
    "current-context": "",
  }),
  context: "here",
  neededCrds,
});
const VERSION = {
  "/version": { major: "1", minor: "34", gitVersion: "v1.34.4" },
  "/version/": { gitVersion: "v1.34.4" },
};
const crdPath = (name: string) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
const check = (asks: PreflightInputs) => preflightProvider.check?.(asks);

test("A cluster with everything that is needed tells its version", async () => {
  const server = await apiServer({ ...VERSION, [crdPath("a.example.com")]: { metadata: { name: "a.example.com" } } });
  const asks = inputs(server, [{ crd: "a.example.com", fix: "Install A" }]);
  expect(await check(asks)).toEqual([]);
  expect((await preflightProvider.create(asks)).outs.version).toBe("v1.34.4");
});

test("Each missing definition is told with what to do", async () => {
  const server = await apiServer(VERSION);
  const asks = inputs(server, [
    { crd: "a.example.com", fix: "Install A" },
    { crd: "b.example.com", fix: "Install B" },
  ]);
  expect(await check(asks)).toEqual([
    `KubernetesPlatform "platform": CustomResourceDefinition a.example.com is not in the cluster at ${server}. Install A.`,
    `KubernetesPlatform "platform": CustomResourceDefinition b.example.com is not in the cluster at ${server}. Install B.`,
  ]);
  await expect(preflightProvider.create(asks)).rejects.toThrow("a.example.com is not in the cluster");
});

test("Whoever may not look at definitions may still use them", async () => {
  const server = await apiServer({ ...VERSION, [crdPath("a.example.com")]: 403 });
  expect(await check(inputs(server, [{ crd: "a.example.com", fix: "Install A" }]))).toEqual([]);
});

test("An API server that does not answer, or not to these credentials, is told without them", async () => {
  const gone = await apiServer({});
  servers.splice(0)[0]?.close();
  const [unreachable] = (await check(inputs(gone))) ?? [];
  expect(unreachable).toContain(`kubeconfig names an API server that cannot be reached at ${gone}: `);
  expect(unreachable).toContain("ECONNREFUSED");
  const server = await apiServer({ "/version": 401, "/version/": 401 });
  const [refused] = (await check(inputs(server))) ?? [];
  expect(refused).toContain(`kubeconfig is not accepted by ${server}: the answer is 401. Log in again`);
  expect(`${unreachable}${refused}`).not.toContain("hunter2");
});

test("It is asked again when what is asked changes, and never when something is not known yet", async () => {
  const asks = inputs("http://127.0.0.1:1");
  const olds = { ...asks, version: "v1.34.4" };
  expect(await preflightProvider.diff(olds, asks)).toMatchObject({ changes: false });
  expect(await preflightProvider.diff(olds, { ...asks, context: "there" })).toMatchObject({
    changes: true,
    replaces: [],
  });
  const { check: checked } = asked(preflightProvider as never) as {
    check(olds: object, news: object): Promise<{ failures: { property: string; reason: string }[] }>;
  };
  expect((await checked({}, asks)).failures).toEqual([
    { property: "", reason: expect.stringContaining("cannot be reached") },
  ]);
  const unknown = { ...asks, kubeconfig: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
  expect((await checked({}, unknown)).failures).toEqual([]);
});
