import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, type TestContext, test } from "vitest";
import type { ReleaseInputs } from "./inputs";
import { releaseProvider } from "./provider";

/** What a state says of a service in the cluster that the listener is the API server of. */
async function recorded({ onTestFinished }: TestContext, answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = JSON.stringify({
    clusters: [{ name: "c", cluster: { server: address, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });
  const inputs: ReleaseInputs = {
    ...{ kubeconfig, context: "", namespace: "shop", name: "web", component: "KubernetesService" },
    ...{ image: "shop:1", templateHashSource: "", retry: 0, waitSeconds: 1, retainConfigRevisions: 1, httpRoute: "" },
  };
  return { inputs, olds: { ...inputs, digest: "", revision: 1, podTemplateHash: "one" } };
}

const rollout = (stableRS: string, currentPodHash: string) => ({
  metadata: { name: "web", namespace: "shop", uid: "1" },
  spec: { selector: { matchLabels: { app: "web" } } },
  status: { stableRS, currentPodHash },
});

const lists: RequestListener = (request, response) => {
  const found = request.url?.includes("/rollouts/") ? rollout("one", "two") : { items: [] };
  response.setHeader("Content-Type", "application/json").end(JSON.stringify(found));
};

test.concurrent("a release under way that the state knows nothing of is seen, however busy the API server is", async (context) => {
  const { inputs, olds } = await recorded(context, async (request, response) => {
    if (request.url?.includes("/rollouts/")) await sleep(4000);
    lists(request, response);
  });
  expect(await releaseProvider.diff(olds, inputs)).toMatchObject({ changes: true, replaces: [] });
});

test.concurrent("an account that may not ask for the version is let in", async (context) => {
  const { inputs, olds } = await recorded(context, (request, response) => {
    if (request.url?.startsWith("/version")) response.writeHead(403).end("{}");
    else lists(request, response);
  });
  expect(await releaseProvider.diff(olds, inputs)).toMatchObject({ changes: true });
});

test.concurrent("a cluster that gives no sign of life is taken to be as the state says, within seconds", async (context) => {
  const { inputs, olds } = await recorded(context, () => {});
  const startedAt = Date.now();
  expect(await releaseProvider.diff(olds, inputs)).toMatchObject({ changes: false });
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});
