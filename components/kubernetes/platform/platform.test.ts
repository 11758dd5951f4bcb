import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { apps } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, describe, expect, test } from "vitest";
import { expectPreviewStable, type RecordedResource, render } from "../../../testkit";
import { Router } from "../../release/compile/target";
import { clusterOf, providerOf } from "../cluster/handle";
import { KubernetesNamespace } from "../kubernetes-namespace";
import { KubernetesPlatform } from "../kubernetes-platform";
import { manifests } from "../testing/manifests";
import { restrictedProblems } from "../testing/restricted";
import type { KubernetesPlatformArgs } from "./args";
import { ARGO_CRDS, TRAEFIK_CRDS } from "./crd-sources";

const folder = mkdtempSync(join(tmpdir(), "headgate-crds-"));
mkdirSync(join(folder, "argo"));
for (const [index, file] of ARGO_CRDS.entries())
  writeFileSync(join(folder, "argo", `${index}.yaml`), manifests(file.names));
writeFileSync(join(folder, "argo", "kustomization.yaml"), "kind: Kustomization\n");
writeFileSync(
  join(folder, "traefik.yml"),
  `${manifests(TRAEFIK_CRDS.flatMap(({ names }) => names))}---\nkind: Namespace\n`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const PATCH = `${CRD}Patch`;
const TOKEN = "the-token-of-the-cluster";
const cluster = { kubeconfig: `clusters: [] # ${TOKEN}`, context: "", prometheus: "", scrapeSeconds: 30 };
const local: KubernetesPlatformArgs = {
  argoRollouts: { crds: join(folder, "argo"), replicas: 1, keepCrds: false },
  traefik: { crds: join(folder, "traefik.yml"), serviceType: "NodePort", webNodePort: 30080 },
  prometheus: { scrapeInterval: "5s" },
};
const platform =
  (args: KubernetesPlatformArgs = {}) =>
  () =>
    new KubernetesPlatform("platform", args);

interface Workload {
  spec: {
    replicas: number;
    template: { spec: Parameters<typeof restrictedProblems>[0] & { containers: { args: string[] }[] } };
  };
}

describe.each([{ preview: false }, { preview: true }])("with %o", (options) => {
  test("A platform is its CRDs, three workloads and what they may do", async () => {
    const made = await render(platform(), options);
    expect(made.errors).toEqual([]);
    const types = Object.groupBy(made.resources, ({ type }) => type);
    expect(
      Object.fromEntries(Object.entries(types).map(([type, all]) => [type.replace("kubernetes:", ""), all?.length])),
    ).toEqual({
      "headgate:index:KubernetesPlatform": 1,
      "apiextensions.k8s.io/v1:CustomResourceDefinitionPatch": 15,
      "core/v1:Namespace": 1,
      "core/v1:ServiceAccount": 3,
      "core/v1:ConfigMap": 1,
      "core/v1:Service": 3,
      "apps/v1:Deployment": 2,
      "apps/v1:StatefulSet": 1,
      "policy/v1:PodDisruptionBudget": 2,
      "networking.k8s.io/v1:NetworkPolicy": 4,
      "networking.k8s.io/v1:IngressClass": 1,
      "rbac.authorization.k8s.io/v1:Role": 1,
      "rbac.authorization.k8s.io/v1:RoleBinding": 1,
      "rbac.authorization.k8s.io/v1:ClusterRole": 5,
      "rbac.authorization.k8s.io/v1:ClusterRoleBinding": 3,
    });
    for (const { name, parent } of made.resources.filter(({ custom }) => custom)) {
      expect(parent, name).toMatch(/KubernetesPlatform::platform$/);
      expect(name).toMatch(/^platform-/);
    }
  });

  test("Every pod is admitted by the profile restricted, and its root file system is read-only", async () => {
    const made = await render(platform(local), options);
    const workloads = [
      ...made.byType("kubernetes:apps/v1:Deployment"),
      ...made.byType("kubernetes:apps/v1:StatefulSet"),
    ];
    expect(workloads).toHaveLength(3);
    for (const { name, inputs } of workloads) {
      const { spec } = inputs as unknown as Workload;
      expect(restrictedProblems(spec.template.spec), name).toEqual([]);
      for (const { resources } of spec.template.spec.containers as { resources?: { limits: object } }[]) {
        expect(resources?.limits).toHaveProperty("memory");
      }
    }
    expect(made.inputsOf("platform-namespace")).toMatchObject({
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted", "headgate.dev/platform": "true" } },
    });
  });

  test("Workloads come after what they need, and everything after the namespace", async () => {
    const made = await render(platform(local), options);
    const dependencies = (name: string) =>
      (made.resources.find((resource) => resource.name === name)?.dependencies ?? []).map((urn) =>
        urn.split("::").pop(),
      );
    expect(dependencies("platform-argo")).toEqual(
      expect.arrayContaining(["platform-crd-rollouts.argoproj.io", "platform-argo-binding", "platform-namespace"]),
    );
    expect(dependencies("platform-traefik")).toContain("platform-crd-traefikservices.traefik.io");
    expect(dependencies("platform-prometheus")).toContain("platform-prometheus-configuration");
    expect(dependencies("platform-argo-role")).toContain("platform-namespace");
    // Where a workload is never made, nothing waits for its pods.
    expect(dependencies("platform-argo-metrics")).toContain("platform-argo");
    expect(dependencies("platform-traefik-service")).toContain("platform-traefik");
    expect(dependencies("platform-prometheus-service")).toContain("platform-prometheus");
  });

  test("CRDs are read from files, and only their own part of them", async () => {
    const made = await render(platform(local), options);
    expect([...made.byType(CRD), ...made.byType(PATCH)]).toHaveLength(15);
    expect(made.inputsOf("platform-crd-rollouts.argoproj.io")).toEqual({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "rollouts.argoproj.io", annotations: { "made-by": "hand" } },
      spec: { group: "argoproj.io" },
    });
  });

  test("The kubeconfig is a secret wherever it goes, and the rest of the handle is not", async () => {
    const made = await render(platform({ ...local, cluster }), { ...options, secrets: [TOKEN] });
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    expect(providerOf(made.value.handle)).toBeDefined();
    const fields = clusterOf(made.value.handle);
    expect(await pulumi.isSecret(fields.kubeconfig)).toBe(true);
    expect(await pulumi.isSecret(fields.prometheus)).toBe(false);
    expect(await made.output(fields.prometheus)).toBe("http://prometheus.headgate.svc:9090");
    expect(await made.output(fields.scrapeSeconds)).toBe(5);
    for (const { name, provider } of made.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
      expect(provider, name).toContain("::platform-cluster::");
    }
  });

  test("What is there already is asked for, in a preview too", async () => {
    const there: KubernetesPlatformArgs = {
      routers: ["traefik", "istio"],
      argoRollouts: { install: false },
      traefik: { install: false },
      prometheus: { address: "http://prometheus.monitoring.svc:9090", scrapeInterval: "30s" },
      namespace: { install: false },
    };
    const needed = [
      "rollouts.argoproj.io",
      "analysisruns.argoproj.io",
      "analysistemplates.argoproj.io",
      "traefikservices.traefik.io",
      "ingressroutes.traefik.io",
      "virtualservices.networking.istio.io",
    ];
    const asked = await render(platform({ ...there, cluster }), options);
    expect(
      asked.resources.filter(({ type, custom }) => custom && !type.startsWith("pulumi:")).map(({ name }) => name),
    ).toEqual(["platform-preflight"]);
    const preflight = asked.inputsOf("platform-preflight");
    expect((preflight["neededCrds"] as { crd: string }[]).map(({ crd }) => crd)).toEqual(needed);
    expect(await asked.output(clusterOf(asked.value.handle).prometheus)).toBe("http://prometheus.monitoring.svc:9090");
    // Without a cluster the program's own provider knows where to ask.
    const read = await render(platform(there), options);
    expect(read.byType(CRD).map(({ name }) => name)).toEqual(needed.map((crd) => `platform-needs-${crd}`));
  });

  test("transform edits a workload and nothing else", async () => {
    const transform = { argo: (args: apps.v1.DeploymentArgs) => ({ ...args, metadata: { name: "mine" } }) };
    const made = await render(() => new KubernetesPlatform("platform", local, { transform }), options);
    expect(made.inputsOf("platform-argo")["metadata"]).toEqual({ name: "mine" });
    expect(made.inputsOf("platform-traefik")["metadata"]).toMatchObject({ name: "traefik" });
  });
});

test("Preview and up declare the same graph", async () => {
  await expectPreviewStable(platform({ ...local, cluster }));
  await expectPreviewStable(platform());
});

test("Argo Rollouts may change what its routers need, and no secret outside its own namespace", async () => {
  const rules = async (routers: Router[], args: KubernetesPlatformArgs = {}) => {
    const made = await render(platform({ ...args, routers }));
    expect(made.errors).toEqual([]);
    const { rules: all } = made.inputsOf("platform-argo-role") as {
      rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    };
    return all.flatMap(({ apiGroups, resources, verbs }) =>
      resources.map((each) => `${apiGroups}/${each}: ${verbs.join(" ")}`),
    );
  };
  const traefik = await rules([Router.traefik]);
  expect(traefik).toContain("traefik.io/traefikservices: get list watch update");
  expect(traefik.filter((each) => /secrets|istio|gateway|\*/.test(each))).toEqual([]);
  expect(traefik).not.toContain("networking.k8s.io/ingresses: create update patch");
  expect(await rules([Router.nginx])).toContain("networking.k8s.io/ingresses: create update patch");
  expect(await rules([Router.istio])).toContain("networking.istio.io/virtualservices: get list watch update patch");
  expect(await rules([Router.alb])).toContain("elbv2.k8s.aws/targetgroupbindings: get list");
  const plugin = { location: "file:///plugins/gateway-api", sha256: "a".repeat(64) };
  const gatewayApi = await rules([Router.gatewayApi], { argoRollouts: { gatewayApiPlugin: plugin } });
  expect(gatewayApi).toContain("gateway.networking.k8s.io/httproutes: get update");
  expect(gatewayApi.filter((each) => /configmaps|secrets/.test(each))).toEqual([]);
});

test("The controller speaks with Traefik 3, and one of its copies leads", async () => {
  const made = await render(platform({ ...local, argoRollouts: { ...local.argoRollouts, replicas: 2 } }));
  const { spec } = made.inputsOf("platform-argo") as unknown as Workload;
  expect(spec.replicas).toBe(2);
  expect(spec.template.spec.containers[0]?.args).toEqual(
    expect.arrayContaining([
      "--leader-elect=true",
      "--traefik-api-group=traefik.io",
      "--traefik-api-version=traefik.io/v1alpha1",
    ]),
  );
  expect(made.inputsOf("platform-argo-budget")).toMatchObject({ spec: { maxUnavailable: 1 } });
});

test("CRDs outlive the platform unless it is said otherwise", async () => {
  const kept = async (args: KubernetesPlatformArgs): Promise<Partial<Record<string, RecordedResource[]>>> =>
    Object.groupBy((await render(platform(args))).resources, ({ type }) => type);
  // A patch makes what is not there, and takes what a platform before has left: creating that would be refused.
  const usual = await kept({});
  expect(usual[CRD]).toBeUndefined();
  for (const { retainOnDelete, inputs } of usual[PATCH] ?? []) {
    expect(retainOnDelete).toBe(true);
    expect(inputs).toMatchObject({
      kind: "CustomResourceDefinition",
      metadata: { annotations: { "pulumi.com/patchFieldManager": "headgate-platform" } },
    });
  }
  const gone = await kept({ argoRollouts: { keepCrds: false }, traefik: { keepCrds: false } });
  expect(gone[PATCH]).toBeUndefined();
  expect(new Set(gone[CRD]?.map(({ retainOnDelete }) => retainOnDelete))).toEqual(new Set([false]));
  expect(gone[CRD]?.map(({ name }) => name)).toEqual(usual[PATCH]?.map(({ name }) => name));
});

test("The plugin of the Gateway API is in the controller's configuration, and a new one starts it anew", async () => {
  const made = async (location: string) =>
    render(platform({ routers: ["gatewayApi"], argoRollouts: { gatewayApiPlugin: { location } } }));
  const [first, second] = [await made("file:///plugins/a"), await made("file:///plugins/b")];
  const { data } = first.inputsOf("platform-argo-configuration") as { data: Record<string, string> };
  expect(JSON.parse(data["trafficRouterPlugins"] ?? "")).toEqual([
    { name: "argoproj-labs/gatewayAPI", location: "file:///plugins/a" },
  ]);
  expect(first.inputsOf("platform-argo")).not.toEqual(second.inputsOf("platform-argo"));
  // Below the working folder, whatever the image says of that; nothing else can be written to.
  const [container] = (first.inputsOf("platform-argo") as unknown as Workload).spec.template.spec.containers;
  expect(container).toMatchObject({
    workingDir: "/home/argo-rollouts",
    volumeMounts: expect.arrayContaining([{ name: "plugins", mountPath: "/home/argo-rollouts/plugin-bin" }]),
  });
  expect(first.byType("kubernetes:networking.k8s.io/v1:IngressClass")).toEqual([]);
});

test("Traefik counts by service, stops gracefully, and is never away while it is renewed", async () => {
  const made = await render(
    platform({ ...local, traefik: { ...local.traefik, replicas: 3, stopDelay: "5s", stopTimeout: "60s" } }),
  );
  const deployment = made.inputsOf("platform-traefik") as unknown as {
    spec: {
      replicas: number;
      strategy: object;
      template: { spec: { terminationGracePeriodSeconds: number; containers: { args: string[] }[] } };
    };
  };
  const { replicas, strategy, template } = deployment.spec;
  expect(replicas).toBe(3);
  expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  expect(template.spec.terminationGracePeriodSeconds).toBe(70);
  expect(template.spec.containers[0]?.args).toEqual(
    expect.arrayContaining([
      "--metrics.prometheus.addserviceslabels=true",
      "--entrypoints.web.transport.lifecycle.requestacceptgracetimeout=5s",
      "--entrypoints.web.transport.lifecycle.gracetimeout=60s",
      "--providers.kubernetescrd=true",
    ]),
  );
  expect(made.inputsOf("platform-traefik-service")).toMatchObject({
    spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }, { port: 443 }] },
  });
  expect(made.inputsOf("platform-traefik-budget")).toMatchObject({ spec: { maxUnavailable: 1 } });
});

test("Prometheus scrapes pods by their annotations, the platform and the kubelets, as often as asked", async () => {
  const made = await render(platform(local));
  const map = made.inputsOf("platform-prometheus-configuration") as {
    data: Record<string, string>;
    metadata: { name: string };
  };
  const configuration = JSON.parse(map.data["prometheus.yml"] ?? "");
  expect(configuration.global).toEqual({ scrape_interval: "5s", scrape_timeout: "5s", evaluation_interval: "5s" });
  const jobs = Object.fromEntries(configuration.scrape_configs.map((job: { job_name: string }) => [job.job_name, job]));
  expect(Object.keys(jobs)).toEqual(["pods", "traefik", "argo-rollouts", "kubelet", "prometheus"]);
  expect(jobs.kubelet).toMatchObject({ metrics_path: "/metrics/resource", honor_timestamps: false });
  const labels = jobs.pods.relabel_configs.map(({ target_label }: { target_label?: string }) => target_label);
  expect(labels).toEqual(expect.arrayContaining(["namespace", "pod", "rollouts_pod_template_hash"]));
  const other = await render(platform({ ...local, prometheus: {} }));
  expect(other.inputsOf("platform-prometheus-configuration")["metadata"]).not.toMatchObject({
    name: map.metadata.name,
  });
});

describe("Connections", () => {
  const made = async (args: KubernetesPlatformArgs = local) => {
    const { resources, inputsOf, byType } = await render(platform(args));
    const policies = byType("kubernetes:networking.k8s.io/v1:NetworkPolicy").map(({ name }) => name);
    const dependencies = (name: string) =>
      (resources.find((resource) => resource.name === name)?.dependencies ?? []).map((urn) => urn.split("::").pop());
    return { policies: policies.sort(), inputsOf, dependencies };
  };
  const everywhere = [{ namespaceSelector: {} }];
  const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
  const pods = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });

  test("Nothing in the namespace has any but the platform's pods, whose policies come first", async () => {
    const { inputsOf, dependencies } = await made();
    expect(inputsOf("platform-default-deny")["spec"]).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    expect(dependencies("platform-default-deny")).toEqual(
      expect.arrayContaining([
        "platform-argo-rollouts-policy",
        "platform-traefik-policy",
        "platform-prometheus-policy",
      ]),
    );
  });

  test("The router is called by everybody on its entry points, and all call what they need", async () => {
    const { inputsOf } = await made();
    const scraped = [{ podSelector: pods("prometheus") }];
    const policyTypes = ["Ingress", "Egress"];
    const egress = [{ ports: [{ protocol: "TCP" }, { protocol: "UDP" }] }];
    expect(inputsOf("platform-traefik-policy")["spec"]).toEqual({
      podSelector: pods("traefik"),
      policyTypes,
      ingress: [{ ports: tcp(8000, 8443) }, { from: scraped, ports: tcp(9100) }],
      egress,
    });
    expect(inputsOf("platform-argo-rollouts-policy")["spec"]).toEqual({
      podSelector: pods("argo-rollouts"),
      policyTypes,
      ingress: [{ from: scraped, ports: tcp(8090) }],
      egress,
    });
    expect(inputsOf("platform-prometheus-policy")["spec"]).toEqual({
      podSelector: pods("prometheus"),
      policyTypes,
      ingress: [{ from: [{ podSelector: {} }], ports: tcp(9090) }],
      egress,
    });
  });

  test("Every policy selects the pods of a workload", async () => {
    const { inputsOf } = await made();
    for (const [policy, workload] of Object.entries({
      "argo-rollouts": "argo",
      traefik: "traefik",
      prometheus: "prometheus",
    })) {
      const { spec } = inputsOf(`platform-${policy}-policy`) as { spec: { podSelector: { matchLabels: object } } };
      const { template } = inputsOf(`platform-${workload}`)["spec"] as { template: { metadata: { labels: object } } };
      expect(template.metadata.labels).toMatchObject(spec.podSelector.matchLabels);
    }
  });

  test("A Prometheus that is there scrapes from any namespace, and a controller that is there asks from any", async () => {
    const { inputsOf } = await made({ ...local, prometheus: { address: "http://prometheus.monitoring.svc:9090" } });
    expect(inputsOf("platform-traefik-policy")).toMatchObject({
      spec: { ingress: [{}, { from: everywhere, ports: tcp(9100) }] },
    });
    const other = await made({ ...local, argoRollouts: { install: false } });
    expect(other.inputsOf("platform-prometheus-policy")).toMatchObject({ spec: { ingress: [{ from: everywhere }] } });
  });

  test("In a namespace that is there, the pods of others keep their connections", async () => {
    const { policies } = await made({ ...local, namespace: { install: false } });
    expect(policies).toEqual([
      "platform-argo-rollouts-policy",
      "platform-prometheus-policy",
      "platform-traefik-policy",
    ]);
  });
});

test("Labels of one's own are on every object but the CRDs, and on no pod", async () => {
  const labels = { owner: "platform", "cost-center": "4711" };
  const made = await render(platform({ ...local, labels }));
  for (const { name, type, inputs } of made.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
    const { metadata, spec } = inputs as { metadata: object; spec?: { template?: { metadata: object } } };
    if (type === CRD || type === PATCH) expect(metadata, name).not.toMatchObject({ labels });
    else expect(metadata, name).toMatchObject({ labels: { ...labels, "app.kubernetes.io/managed-by": "headgate" } });
    expect(JSON.stringify(spec?.template?.metadata ?? {}), name).not.toContain("cost-center");
  }
});

test("Pods that speak with the API server say so", async () => {
  const made = await render(platform(local));
  for (const role of ["argo", "traefik", "prometheus"]) {
    const { template } = made.inputsOf(`platform-${role}`)["spec"] as { template: object };
    expect(template).toMatchObject({ metadata: { labels: { "headgate.dev/needs-kube-api": "true" } } });
  }
});

test("Prometheus keeps its data on a volume when asked", async () => {
  const made = await render(
    platform({ ...local, prometheus: { storage: { size: "20GiB", storageClass: "fast" }, retention: "30d" } }),
  );
  expect(made.inputsOf("platform-prometheus")).toMatchObject({
    spec: {
      volumeClaimTemplates: [{ spec: { storageClassName: "fast", resources: { requests: { storage: "20Gi" } } } }],
    },
  });
  expect(JSON.stringify(made.inputsOf("platform-prometheus"))).toContain("retention.time=2592000s");
});

const refused = async (args: object) => {
  try {
    await render(platform(args as KubernetesPlatformArgs));
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test("Every wrong argument is told at once, with the place and what to do", async () => {
  const said = await refused({
    argoRollouts: { replicas: 0, crd: "x" },
    traefik: { serviceType: "External", image: "Not An Image" },
    prometheus: { retention: "forever" },
    namespace: { name: "Headgate" },
  });
  expect(said).toContain('KubernetesPlatform "platform": 6 problems');
  expect(said).toContain("argoRollouts.crd is not a known setting. Did you mean crds?");
  expect(said).toContain("argoRollouts.replicas must be a whole number from 1 to 100 (got 0)");
  expect(said).toContain('traefik.serviceType must be one of "LoadBalancer", "NodePort", "ClusterIP" (got "External")');
});

test.each([
  [{ argoRollouts: { install: false, replicas: 2 } }, "argoRollouts.replicas has no effect, since install is false."],
  [
    { prometheus: { address: "http://p:9090", image: "p:1" } },
    "prometheus.image has no effect, since no Prometheus is installed.",
  ],
  [{ prometheus: { address: "http://p:9090", install: true } }, "prometheus.address is set, and install is true"],
  [{ prometheus: { address: "p:9090" } }, 'prometheus.address must be an address of Prometheus (got "p:9090")'],
  [{ labels: { "headgate.dev/platform": "no" } }, "is no name of a label, or one of Headgate's own"],
  [{ labels: { owner: "the platform" } }, "labels.owner must be at most 63 letters"],
  [{ routers: ["istio"], traefik: {} }, "traefik is set, and is not among the routers."],
  [{ routers: ["gatewayApi"] }, "argoRollouts.gatewayApiPlugin is missing. Give its location"],
  [
    { argoRollouts: { gatewayApiPlugin: { location: "https://x/y" } } },
    'gatewayApiPlugin is set, and "gatewayApi" is not among the routers.',
  ],
  [
    { traefik: { webNodePort: 30080 } },
    "traefik.webNodePort means nothing with the service type LoadBalancer (got 30080).",
  ],
  [
    { traefik: { serviceType: "NodePort", webNodePort: 30080, websecureNodePort: 30080 } },
    "traefik.websecureNodePort is the port of traefik.webNodePort already (got 30080).",
  ],
  [{ argoRollouts: { crds: "/nowhere" } }, 'argoRollouts.crds does not exist (got "/nowhere").'],
])("%j is refused: %s", async (args, words) => {
  expect(await refused(args)).toContain(words);
});

test("A folder without all the CRDs is refused by their names", async () => {
  expect(await refused({ traefik: { crds: join(folder, "argo") } })).toContain(
    "traefik.crds has no CustomResourceDefinition ingressroutes.traefik.io, ingressroutetcps.traefik.io",
  );
});

test("Whoever gets the handle waits for the controllers and uses their provider, also without a cluster", async () => {
  for (const args of [local, { ...local, cluster }]) {
    const made = await render(() => {
      const { handle } = new KubernetesPlatform("platform", args);
      new KubernetesNamespace("shop", { cluster: handle });
    });
    expect(made.errors).toEqual([]);
    const namespace = made.resources.find(({ name }) => name === "shop-namespace");
    const waitsFor = (namespace?.dependencies ?? []).map((urn) => urn.split("::").pop());
    expect(waitsFor).toEqual(expect.arrayContaining(["platform-argo", "platform-traefik", "platform-prometheus"]));
    const own = made.resources.find(({ name }) => name === "platform-namespace");
    expect(namespace?.provider).toBe(own?.provider);
  }
});
