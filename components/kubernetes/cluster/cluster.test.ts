import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { render } from "../../../testkit";
import { KubernetesCluster } from "../kubernetes-cluster";
import { type Ambient, ambientCluster } from "./ambient";
import { clusterOf, providerFor, providerOf } from "./handle";
import { planCluster } from "./plan";

const TOKEN = "the-token-of-the-cluster";
const kubeconfig = JSON.stringify({
  clusters: [{ name: "prod", cluster: { server: "https://10.0.0.1:6443" } }],
  contexts: [
    { name: "prod", context: { cluster: "prod", user: "me" } },
    { name: "staging", context: { cluster: "prod", user: "me" } },
  ],
  "current-context": "prod",
  users: [{ name: "me", user: { token: TOKEN } }],
});
const nowhere = (): Ambient => ({ kubeconfigs: [], paths: ["/home/me/.kube/config"], inCluster: false });

describe.each([{ preview: false }, { preview: true }])("with %o", (options) => {
  test("A cluster is one provider, and its kubeconfig a secret wherever it goes", async () => {
    const made = await render(() => new KubernetesCluster("prod", { kubeconfig, context: "staging" }), {
      ...options,
      secrets: [TOKEN],
    });
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    expect(made.one("pulumi:providers:kubernetes")).toMatchObject({
      kubeconfig,
      context: "staging",
      enableServerSideApply: "true",
    });
    expect(providerOf(made.value.handle)).toBeDefined();
    const fields = clusterOf(made.value.handle);
    expect(await pulumi.isSecret(fields.kubeconfig)).toBe(true);
    expect(await pulumi.isSecret(fields.prometheus)).toBe(false);
    expect(await made.output(fields.scrapeSeconds)).toBe(15);
  });

  test("A kubeconfig that is known later is checked before anything uses it", async () => {
    const made = await render(
      () => new KubernetesCluster("prod", { kubeconfig: pulumi.secret(kubeconfig), context: "qa" }),
      {
        ...options,
        secrets: [TOKEN],
      },
    );
    expect(made.errors.map(({ message }) => message).join("\n")).toContain(
      'KubernetesCluster "prod": context is not in the kubeconfig (got "qa"). It has: prod, staging.',
    );
    expect(made.secretsLeaked()).toEqual([]);
  });

  test("A handle from another stack gets a provider of its own, none the program's", async () => {
    const handle = { kubeconfig, context: "", prometheus: "", scrapeSeconds: 15 };
    const made = await render(() => {
      const parent = new pulumi.ComponentResource("test:index:Parent", "shop");
      return [providerFor(parent, "shop", handle), providerFor(parent, "shop", undefined)];
    }, options);
    expect(made.byType("pulumi:providers:kubernetes").map(({ name }) => name)).toEqual(["shop-cluster"]);
    expect(made.one("pulumi:providers:kubernetes")).not.toHaveProperty("context");
    expect(made.value[1]).toBeUndefined();
  });
});

const refused = (args: object, ambient = nowhere) => {
  try {
    planCluster("prod", args, ambient);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test("No kubeconfig anywhere says where it was looked for", () => {
  expect(refused({})).toBe(
    'KubernetesCluster "prod": kubeconfig is missing, and there is none at /home/me/.kube/config. ' +
      "Set kubeconfig, or KUBECONFIG, to reach the cluster.",
  );
  expect(refused({}, () => ({ ...nowhere(), inCluster: true }))).toBe("");
});

test("A context that no kubeconfig has is refused, of the machine's own files as well", () => {
  expect(refused({ kubeconfig, context: "qa" })).toContain(
    'context is not in the kubeconfig (got "qa"). It has: prod, staging.',
  );
  const ambient = () => ({ ...nowhere(), kubeconfigs: ["clusters: []", kubeconfig] });
  expect(refused({ context: "staging" }, ambient)).toBe("");
  expect(refused({ context: "qa" }, ambient)).toContain("It has: prod, staging");
  expect(refused({ kubeconfig: "clusters: []\ncontexts: []" })).toContain(
    'kubeconfig has no current context (got ""). Set context. It has none.',
  );
});

test("What is no kubeconfig is refused without showing it", () => {
  for (const text of ["/home/me/.kube/config", `token: ${TOKEN}`, `clusters: [${TOKEN}`, "clusters: 3"]) {
    expect(refused({ kubeconfig: text })).toContain(
      `is no kubeconfig: it is no YAML with clusters and contexts (got a text of ${text.length}`,
    );
    expect(refused({ kubeconfig: text })).not.toContain(TOKEN);
  }
});

test("Every other wrong argument is told with it", () => {
  const said = refused({ kubeconfig, prometheus: "prometheus:9090", scrapeInterval: "10ms", contxt: "x" });
  expect(said).toContain("3 problems");
  expect(said).toContain('prometheus must be an address of Prometheus (got "prometheus:9090")');
  expect(said).toContain('scrapeInterval must be a time in whole seconds, at least 1 (got "10ms")');
  expect(said).toContain("contxt is not a known setting. Did you mean context?");
});

test("The machine's own files are those of KUBECONFIG, else of the home folder", () => {
  expect(ambientCluster({ KUBECONFIG: "/a:/b" }, "/home/me")).toEqual({
    kubeconfigs: [],
    paths: ["/a", "/b"],
    inCluster: false,
  });
  expect(ambientCluster({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }, "/home/me")).toEqual({
    kubeconfigs: [],
    paths: ["/home/me/.kube/config"],
    inCluster: true,
  });
});
