import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { expectPreviewStable, render } from "../../../testkit";
import { KubernetesDeployer } from "../kubernetes-deployer";
import type { KubernetesDeployerArgs } from "./args";

const kubeconfig = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://10.0.0.1:6443" } }],
  contexts: [{ name: "prod", context: { cluster: "c" } }],
  "current-context": "prod",
});
const cluster = { kubeconfig, context: "", prometheus: "", scrapeSeconds: 15 };
const deployer =
  (args: Partial<KubernetesDeployerArgs> = {}) =>
  () =>
    new KubernetesDeployer("ci", { namespaces: ["shop", "pay"], ...args });
const base64 = (text: string) => Buffer.from(text).toString("base64");
const newResource = ({ type, preview }: { type: string; preview: boolean }) =>
  type === "kubernetes:core/v1:Secret" && !preview
    ? { data: { token: base64("hunter2"), "ca.crt": base64("CA") } }
    : undefined;

describe.each([{ preview: false }, { preview: true }])("with %o", (options) => {
  test("A deployer is an account with a role in each namespace, and no further rights", async () => {
    const made = await render(deployer({ groups: ["deployers"] }), options);
    expect(made.errors).toEqual([]);
    expect(
      made.resources
        .filter(({ custom }) => custom)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["ci-account", "ci-binding-pay", "ci-binding-shop", "ci-role-pay", "ci-role-shop"]);
    const { rules } = made.inputsOf("ci-role-shop") as {
      rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    };
    expect(
      rules
        .flatMap(({ resources, verbs }) => [...resources, ...verbs])
        .filter((word) => /\*|role|bind|escalate|exec|namespaces/.test(word)),
    ).toEqual([]);
    expect(made.inputsOf("ci-binding-pay")).toMatchObject({
      metadata: { namespace: "pay" },
      subjects: [
        { kind: "ServiceAccount", name: "ci", namespace: "shop" },
        { kind: "Group", name: "deployers" },
      ],
    });
    expect(await made.output(made.value.kubeconfig)).toBe("");
  });

  test("With a token its kubeconfig is a secret", async () => {
    const made = await render(deployer({ token: true, cluster }), { ...options, newResource, secrets: ["hunter2"] });
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    expect(await pulumi.isSecret(made.value.kubeconfig)).toBe(true);
    if (options.preview) return;
    expect(JSON.parse((await made.output(made.value.kubeconfig)) ?? "")).toMatchObject({
      clusters: [{ cluster: { server: "https://10.0.0.1:6443", "certificate-authority-data": base64("CA") } }],
      users: [{ user: { token: "hunter2" } }],
      contexts: [{ context: { namespace: "shop" } }],
    });
  });
});

test("Where a provider was handed over, its token is not put beside the address of another cluster", async () => {
  const make = (args: object) => () => {
    const provider = new k8s.Provider("own", { kubeconfig: cluster.kubeconfig });
    return new KubernetesDeployer("ci", { namespaces: ["shop"], token: true, ...args }, { provider });
  };
  await expect(render(make({}))).rejects.toThrow(
    /^KubernetesDeployer "ci": server is missing: the provider that was handed over does not tell it\. Write/,
  );
  const made = await render(make({ server: "https://10.0.0.1:6443" }), { newResource });
  expect(made.errors).toEqual([]);
});

test("Preview and up declare the same graph", async () => {
  await expectPreviewStable(deployer());
});

test.each([
  [{ namespaces: [] }, "namespaces is empty."],
  [{ namespaces: ["shop", "shop"] }, "namespaces[1] is there already (got shop)."],
  [{ namespaces: ["Shop"] }, "namespaces[0] must be a name of at most 63 lower-case letters, digits and dashes"],
  [{ server: "https://cluster.example.com" }, "server means nothing without token."],
  [{ token: true, server: "cluster.example.com" }, "server must be the address of an API server."],
])("%j is refused: %s", async (args, words) => {
  await expect(render(deployer(args))).rejects.toThrow(words);
});
