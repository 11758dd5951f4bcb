import { describe, expect, test } from "vitest";
import { expectPreviewStable, render } from "../../../testkit";
import { KubernetesNamespace } from "../kubernetes-namespace";
import type { KubernetesNamespaceArgs } from "./args";

const namespace =
  (args: KubernetesNamespaceArgs = {}) =>
  () =>
    new KubernetesNamespace("shop", args);

describe.each([{ preview: false }, { preview: true }])("with %o", (options) => {
  test("A namespace demands the profile restricted, and nothing connects unless a policy allows it", async () => {
    const made = await render(namespace({ labels: { team: "shop" } }), options);
    expect(made.errors).toEqual([]);
    expect(made.resources.filter(({ custom }) => custom).map(({ name }) => name)).toEqual([
      "shop-namespace",
      "shop-limits",
      "shop-default-deny",
      "shop-allow-dns",
    ]);
    expect(made.inputsOf("shop-namespace")).toMatchObject({
      metadata: {
        name: "shop",
        labels: {
          team: "shop",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "latest",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    });
    expect(made.inputsOf("shop-default-deny")).toMatchObject({
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    expect(made.inputsOf("shop-allow-dns")).toMatchObject({
      spec: {
        policyTypes: ["Egress"],
        egress: [
          {
            ports: [
              { protocol: "UDP", port: 53 },
              { protocol: "TCP", port: 53 },
            ],
          },
          // Policies see the port of the pods, and OpenShift's DNS has another one than its Service.
          {
            to: ["kube-system", "openshift-dns"].map((name) => ({
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
            })),
            ports: [
              { protocol: "UDP", port: 5353 },
              { protocol: "TCP", port: 5353 },
            ],
          },
        ],
      },
    });
    expect(await made.output(made.value.name)).toBe("shop");
  });

  test("Quota and limits are in the cluster's own units", async () => {
    const made = await render(
      namespace({
        namespace: "shop-production",
        quota: { cpu: "8", memory: "16GiB", storage: "1TiB", pods: 50, loadBalancers: 0 },
        limits: { maxCpu: "2", maxMemory: "4GiB" },
      }),
      options,
    );
    expect(made.inputsOf("shop-quota")).toMatchObject({
      metadata: { namespace: "shop-production" },
      spec: {
        hard: {
          "requests.cpu": "8",
          "requests.memory": "16Gi",
          "limits.memory": "16Gi",
          "requests.storage": "1Ti",
          pods: "50",
          "services.loadbalancers": "0",
        },
      },
    });
    expect(made.inputsOf("shop-limits")["spec"]).toEqual({
      limits: [
        {
          type: "Container",
          default: { cpu: "2", memory: "128Mi" },
          defaultRequest: { cpu: "100m", memory: "128Mi" },
          max: { cpu: "2", memory: "4Gi" },
        },
      ],
    });
  });

  test("What it denies is chosen", async () => {
    const open = await render(namespace({ network: { denyEgress: false } }), options);
    expect(open.inputsOf("shop-default-deny")).toMatchObject({ spec: { policyTypes: ["Ingress"] } });
    expect(open.resources.map(({ name }) => name)).not.toContain("shop-allow-dns");
    const none = await render(namespace({ network: { denyEgress: false, denyIngress: false } }), options);
    expect(none.byType("kubernetes:networking.k8s.io/v1:NetworkPolicy")).toEqual([]);
  });
});

test("Preview and up declare the same graph", async () => {
  await expectPreviewStable(namespace({ quota: { cpu: "1" } }));
});

test.each([
  [
    { podSecurity: { enforce: "strict" } },
    'podSecurity.enforce must be one of "privileged", "baseline", "restricted" (got "strict")',
  ],
  [
    { podSecurity: { version: "1.34" } },
    'podSecurity.version must be a version (got "1.34"). Write "latest" or "v1.34".',
  ],
  [{ quota: { cpu: 8 } }, "quota.cpu must be a number of CPU cores, as text, not a bare number (got 8)"],
  [
    { limits: { maxMemory: "64MiB" } },
    "limits.defaultMemory must not be above limits.maxMemory (got 128MiB above 64MiB)",
  ],
  [{ namespace: "Shop" }, "namespace must be a name of at most 63"],
  [{ labels: { "a b": "c" } }, 'labels["a b"] is no name of a label'],
  [{ quotas: {} }, "quotas is not a known setting. Did you mean quota?"],
])("%j is refused: %s", async (args, words) => {
  await expect(render(namespace(args as KubernetesNamespaceArgs))).rejects.toThrow(words);
});
