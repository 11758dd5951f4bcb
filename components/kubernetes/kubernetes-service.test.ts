import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { expectPreviewStable, type NewResource, type Rendered, render } from "../../testkit";
import type { Release } from "../model/release";
import type { Service } from "../model/service";
import { KubernetesCluster } from "./kubernetes-cluster";
import { KubernetesPlatform } from "./kubernetes-platform";
import { KubernetesService } from "./kubernetes-service";
import type { KubernetesServiceArgs } from "./service/args";
import type { KubernetesServiceTransforms } from "./service/transforms";
import { defaultCanaryObjects } from "./testing/default-canary.snapshot";
import { restrictedProblems } from "./testing/restricted";

const DIGEST = `sha256:${"a".repeat(64)}`;
const service: Service = {
  image: { reference: `registry.example.com/shop@${DIGEST}` },
  port: 8080,
  replicas: { count: 4 },
  health: { readiness: { path: "/ready" } },
  env: { LOG_LEVEL: "info" },
};
const PASSWORD = "hunter2-password";
const hosts = ["shop.example.com"];
const canary: Release = { canary: {} };
const plain: Release = { onFailure: "pause" };
const cluster = { kubeconfig: "", context: "", prometheus: "http://prometheus:9090", scrapeSeconds: 15 };

const ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout";
const CONFIG = "kubernetes:core/v1:ConfigMapPatch";
const TEMPLATE = "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate";
const SECRET = "kubernetes:core/v1:Secret";

function program(extra: Partial<KubernetesServiceArgs> = {}, transform?: KubernetesServiceTransforms) {
  return () => {
    const handle = new KubernetesCluster("prod", { kubeconfig: KUBECONFIG, prometheus: cluster.prometheus }).handle;
    const args = { cluster: handle, namespace: "store", service, release: canary, hosts, ...extra };
    return new KubernetesService("shop", args, transform === undefined ? {} : { transform });
  };
}
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: prod
contexts: [{ name: prod, context: { cluster: prod, user: prod } }]
clusters: [{ name: prod, cluster: { server: "https://127.0.0.1:6443" } }]
users: [{ name: prod, user: { token: kubeconfig-token } }]
`;

/** "kubernetes:core/v1:Service shop-canary" of every child of the service. */
const children = (made: Rendered<unknown>) =>
  made.resources
    .filter(({ parent }) => parent.endsWith("KubernetesService::shop"))
    .map(({ type, name }) => `${type} ${name}`);

/** Names objects without one, as the plugin does, in a preview too. */
const newResource = ({ name, inputs }: NewResource) => {
  const { metadata } = inputs as { metadata?: { name?: string } };
  return metadata === undefined || metadata.name !== undefined
    ? undefined
    : { metadata: { ...metadata, name: `${name}-0000000` } };
};

test("Labels of one's own are on every object, also on those whose content is known only later", async () => {
  const labels = { owner: "shop" };
  const extra = { labels, env: { LOG_LEVEL: "info" }, secrets: { token: PASSWORD } };
  const made = await render(program(extra), { preview: false, newResource });
  expect(made.errors).toEqual([]);
  const objects = made.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  expect(objects.map(({ type }) => type)).toEqual(expect.arrayContaining([CONFIG, SECRET, ROLLOUT, TEMPLATE]));
  for (const { name, inputs } of objects) {
    expect(inputs["metadata"], name).toMatchObject({ labels: { owner: "shop", "headgate.dev/service": "shop" } });
  }
});

const modes = [
  { preview: false, newResource },
  { preview: true, newResource },
];

describe.each(modes)("with preview $preview", (options) => {
  test("A canary is these resources, children of the service, all through its cluster's provider", async () => {
    const made = await render(program({ secrets: { token: PASSWORD } }), options);
    expect(made.errors).toEqual([]);
    expect(children(made).sort()).toEqual(
      [
        "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate shop-gate",
        "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate shop-release",
        "kubernetes:argoproj.io/v1alpha1:Rollout shop",
        "kubernetes:core/v1:ConfigMapPatch shop-config",
        "kubernetes:core/v1:Secret shop-secrets",
        "kubernetes:core/v1:Service shop-canary",
        "kubernetes:core/v1:Service shop-service",
        "kubernetes:core/v1:ServiceAccount shop-service-account",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy shop-network-policy",
        "kubernetes:policy/v1:PodDisruptionBudget shop-disruption-budget",
        "kubernetes:traefik.io/v1alpha1:IngressRoute shop-route",
        "kubernetes:traefik.io/v1alpha1:TraefikService shop-weights",
        "pulumi-nodejs:dynamic/headgate:KubernetesRelease shop-release",
        "pulumi-nodejs:dynamic/headgate:KubernetesTurn shop-turn",
      ].sort(),
    );
    for (const { type, name, provider } of made.resources.filter((each) => each.type.startsWith("kubernetes:"))) {
      expect(provider, `${type} ${name}`).toContain("::prod-provider::");
    }
  });

  test("(f) Configuration and secrets never change and outlive their version, whose pods still mount them", async () => {
    const made = await render(program({ secrets: { token: PASSWORD } }), options);
    const [config, secret] = [made.byType(CONFIG)[0], made.byType(SECRET)[0]];
    for (const each of [config, secret]) {
      expect(each).toMatchObject({
        retainOnDelete: true,
        replaceOnChanges: ["data"],
        inputs: {
          immutable: true,
          metadata: { labels: { "headgate.dev/service": "shop", "headgate.dev/config": "true" } },
        },
      });
    }
    // Who goes back to an earlier content finds the object that has it; a secret's name must not tell of its content.
    expect(config?.inputs["metadata"]).toHaveProperty("name", "shop-config-ce705679c6");
    const other = await render(program({ env: { LOG_LEVEL: "debug" } }), options);
    expect(other.one(CONFIG)["metadata"]).toHaveProperty("name", expect.not.stringContaining("ce705679c6"));
    expect(secret?.inputs["metadata"]).not.toHaveProperty("name");
    const kept = made.resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);
    expect(kept.sort()).toEqual(["shop-config", "shop-secrets"]);
    // Nobody goes back to an older one.
    const rolled = await render(program({ release: plain }), options);
    expect(rolled.resources.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
  });

  test("Where another workload takes over, nothing that goes with the old one is what the new one mounts", async () => {
    const metadataOf = async (release: Release, type: string) => {
      const made = await render(program({ release, secrets: { token: PASSWORD } }), options);
      return made.one(type)["metadata"] as { name?: string; labels: Record<string, string> };
    };
    const removed = { "headgate.dev/service": "shop", "headgate.dev/config": "true" };
    const before = await metadataOf(canary, CONFIG);
    const after = await metadataOf(plain, "kubernetes:core/v1:ConfigMap");
    // The one who goes is deleted, or kept, by its name.
    expect(after.name).toMatch(/^shop-config-[0-9a-f]{10}$/);
    expect(after.name).not.toBe(before.name);
    // The end of a release takes along all that it may have kept.
    expect(before.labels).toMatchObject(removed);
    expect(after.labels).not.toMatchObject(removed);
    expect((await metadataOf(canary, SECRET)).labels).toMatchObject(removed);
    expect((await metadataOf(plain, SECRET)).labels).not.toMatchObject(removed);
  });

  test("The configuration has the variables of the service and of the program, and the files", async () => {
    const files = { "/etc/shop/settings.json": "{}" };
    const env = { LEVEL: pulumi.output("debug") };
    const made = await render(program({ env, service: { ...service, files } }), options);
    expect(made.one(CONFIG)["data"]).toEqual({ LOG_LEVEL: "info", LEVEL: "debug", "file.0": "{}" });
  });

  test("Secrets are in no plain input, wherever they are given", async () => {
    const made = await render(program({ secrets: { token: PASSWORD, key: pulumi.secret("hunter2-key") } }), {
      ...options,
      secrets: [PASSWORD, "hunter2-key", Buffer.from(PASSWORD).toString("base64"), "kubeconfig-token"],
    });
    expect(made.errors).toEqual([]);
    expect(made.secretsLeaked()).toEqual([]);
    expect(made.one(SECRET)["data"]).toEqual({
      token: Buffer.from(PASSWORD).toString("base64"),
      key: Buffer.from("hunter2-key").toString("base64"),
    });
  });

  test("A secret in the environment is refused with its name, not its value", async () => {
    const env = { PASSWORD: pulumi.secret(PASSWORD), LOG_LEVEL: "info" };
    const made = await render(program({ env }), { ...options, secrets: [PASSWORD] });
    const messages = made.errors.map(({ message }) => message).join("\n");
    expect(messages).toContain('KubernetesService "shop": env.PASSWORD is a secret, and everybody');
    expect(messages).not.toContain(PASSWORD);
    expect(made.byType(CONFIG)).toEqual([]);
  });

  test("An image that becomes known later must have a digest too", async () => {
    const image = pulumi.output("registry.example.com/shop:latest");
    const made = await render(program({ image }), options);
    expect(made.errors.map(({ message }) => message).join("\n")).toContain(
      'KubernetesService "shop": image must end with a digest, since a tag may move (got "registry.example.com/shop:latest")',
    );
    const later = await render(program({ image: pulumi.output(service.image.reference ?? "") }), options);
    expect(later.errors).toEqual([]);
    expect(JSON.stringify(later.one(ROLLOUT))).toContain(service.image.reference);
  });

  test("Every pod passes the profile restricted, that of a migration too, which reads what the service reads", async () => {
    const release: Release = { canary: {}, migration: { command: ["migrate"] } };
    const made = await render(program({ release, secrets: { token: PASSWORD } }), options);
    const rollout = made.one(ROLLOUT)["spec"] as { template: { spec: PodSpec } };
    expect(restrictedProblems(rollout.template.spec)).toEqual([]);
    const job = made.inputsOf("shop-migration")["spec"] as JobTemplate;
    const pod = job.metrics[0]?.provider.job.spec.template.spec;
    expect(pod && restrictedProblems(pod)).toEqual([]);
    expect(pod?.containers[0]).toMatchObject({
      name: "migration",
      image: "{{args.image}}",
      command: ["migrate"],
      env: [
        { name: "LOG_LEVEL", valueFrom: { configMapKeyRef: { name: "shop-config-ce705679c6", key: "LOG_LEVEL" } } },
      ],
    });
    expect(pod?.volumes).toContainEqual(expect.objectContaining({ name: "headgate-secrets" }));
    expect(pod?.containers[0]).not.toHaveProperty("readinessProbe");
  });

  test("What Argo owns is left to it", async () => {
    const made = await render(program(), options);
    const ignored = made.resources.flatMap(({ name, ignoreChanges }) => ignoreChanges.map((path) => `${name} ${path}`));
    expect(ignored.sort()).toEqual([
      "shop-canary spec.selector",
      "shop-service spec.selector",
      "shop-weights spec.weighted.services",
    ]);
  });

  test("The Rollout waits for its turn and for all it names, the release for the Rollout", async () => {
    const made = await render(program({ secrets: { token: PASSWORD } }), options);
    const [rollout] = made.byType(ROLLOUT);
    const awaited = rollout?.dependencies.map((urn) => urn.split("::").at(-1)).sort();
    expect(awaited).toEqual(
      expect.arrayContaining([
        ...["shop-canary", "shop-config", "shop-gate", "shop-release", "shop-route", "shop-secrets", "shop-service"],
        ...["shop-service-account", "shop-turn", "shop-weights"],
      ]),
    );
    const release = made.resources.find(({ type }) => type.endsWith(":KubernetesRelease"));
    expect(release?.dependencies).toContain(rollout?.urn);
    expect(release?.inputs).toMatchObject({
      namespace: "store",
      name: "shop",
      component: "KubernetesService",
      image: service.image.reference,
      retry: 0,
      waitSeconds: 2100,
      retainConfigRevisions: 3,
      httpRoute: "",
    });
  });

  test("Only a release behind a Gateway waits for its route", async () => {
    const behindGateway = {
      router: "gatewayApi",
      gateway: { name: "public", namespace: "gateways" },
      counters: { total: "requests_total", bad: "requests_failed_total" },
    } as const;
    for (const [args, httpRoute] of [
      [behindGateway, "shop"],
      [{ router: "traefik" }, ""],
    ] as const) {
      const made = await render(program(args), options);
      const release = made.resources.find(({ type }) => type.endsWith(":KubernetesRelease"));
      expect(release?.inputs).toMatchObject({ httpRoute });
    }
  });

  test("Other steps are a reason to ask for a turn again, other hosts are not", async () => {
    const askedWith = async (extra: Partial<KubernetesServiceArgs>) => {
      const { inputs } =
        (await render(program(extra), options)).resources.find(({ name }) => name === "shop-turn") ?? {};
      return [inputs?.["strategy"], inputs?.["templateHashSource"]];
    };
    const usual = await askedWith({});
    expect(usual).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(await askedWith({ hosts: ["other.example.com"] })).toEqual(usual);
    const other = await askedWith({ release: { canary: { steps: [{ weight: 50 }] } } });
    expect(other[0]).not.toBe(usual[0]);
    expect(other[1]).toBe(usual[1]);
  });

  test("What an edit makes of the pods is released as everything else", async () => {
    const askedWith = async (rollout?: KubernetesServiceTransforms["rollout"]) => {
      const made = await render(program({}, rollout && { rollout }), options);
      expect(made.errors).toEqual([]);
      const inputsOf = (kind: string) => made.resources.find(({ type }) => type.endsWith(`:${kind}`))?.inputs;
      const { strategy, copies, templateHashSource } = inputsOf("KubernetesTurn") ?? {};
      expect(inputsOf("KubernetesRelease")).toMatchObject({ templateHashSource });
      return { strategy, copies, templateHashSource };
    };
    const usual = await askedWith();
    expect(usual).toMatchObject({ copies: 4, templateHashSource: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await askedWith((args) => ({ ...args, metadata: { ...args.metadata, annotations: { a: "b" } } }))).toEqual(
      usual,
    );
    const sidecar = await askedWith((args) => {
      const { template } = args["spec"];
      const containers = [...template.spec.containers, { name: "proxy", image: "example.com/proxy:1" }];
      return { ...args, spec: { ...args["spec"], template: { ...template, spec: { ...template.spec, containers } } } };
    });
    expect(sidecar).toEqual({
      ...usual,
      templateHashSource: expect.not.stringContaining(`${usual.templateHashSource}`),
    });
    const counted = await askedWith((args) => ({
      ...args,
      spec: pulumi.output(args["spec"]).apply(({ replicas: _, ...spec }) => ({ ...spec, strategy: { canary: {} } })),
    }));
    expect(counted.copies).toBeUndefined();
    expect(counted).toEqual({
      templateHashSource: usual.templateHashSource,
      strategy: expect.not.stringContaining(`${usual.strategy}`),
    });
  });

  test("A wrong argument is one error before anything of the service is made", async () => {
    await expect(render(program({ release: { canary: { steps: [{ weight: 0 }] } } }), options)).rejects.toThrow(
      /^KubernetesService "shop": release\.canary\.steps\[0\]\.weight /,
    );
  });

  test("transform edits a child and nothing else", async () => {
    const made = await render(
      program({}, { canary: (args) => ({ ...args, metadata: { ...args.metadata, annotations: { edited: "yes" } } }) }),
      options,
    );
    const edited = made.resources.filter(({ inputs }) => JSON.stringify(inputs).includes('"edited"'));
    expect(edited.map(({ name }) => name)).toEqual(["shop-canary"]);
  });
});

interface PodSpec {
  containers: { name: string; env?: unknown[] }[];
  volumes?: Record<string, unknown>[];
}
interface JobTemplate {
  metrics: { provider: { job: { spec: { template: { spec: PodSpec } } } } }[];
}

test("Preview and up declare the same graph", async () => {
  const later = { env: { LATER: pulumi.output("x") }, secrets: { token: PASSWORD } };
  await expectPreviewStable(program({ ...later, service: { ...service, replicas: { min: 2, max: 4 } } }));
});

test("Without a Rollout there is nothing to follow, and the workload itself is awaited", async () => {
  const made = await render(program({ release: plain }));
  expect(children(made).filter((each) => each.includes("dynamic"))).toEqual([]);
  expect(made.one("kubernetes:apps/v1:Deployment")["metadata"]).not.toHaveProperty("annotations");
  expect(await made.output(made.value.digest)).toBe(DIGEST);
  expect(await made.output(made.value.revision)).toBe(0);
});

test("Outputs say where it answers", async () => {
  const made = await render(program({ tlsSecret: "site" }));
  expect(await made.output(made.value.url)).toBe("https://shop.example.com");
  const inside = await render(program({ release: plain, hosts: [] }));
  expect(await inside.output(inside.value.url)).toBe("http://shop.store.svc");
});

test("A provider that cannot be asked for its kubeconfig is refused where the release must be followed", async () => {
  const provider = () => new k8s.Provider("own", { kubeconfig: KUBECONFIG });
  const message = /^KubernetesService "shop": cluster .* beside a provider whose kubeconfig nobody can read: .*Write/;
  const refused = (make: () => KubernetesService) => expect(render(make)).rejects.toThrow(message);
  await refused(() => new KubernetesService("shop", { service }, { provider: provider() }));
  await refused(() => new KubernetesService("shop", { service }, { providers: { kubernetes: provider() } }));
  await refused(() => {
    const parent = new pulumi.ComponentResource("test:index:Team", "team", {}, { providers: [provider()] });
    return new KubernetesService("shop", { service }, { parent });
  });
  await refused(() => {
    const present = {
      argoRollouts: { install: false },
      routers: [],
      prometheus: { address: "http://prometheus:9090" },
    };
    const platform = new KubernetesPlatform("platform", present, { provider: provider() });
    return new KubernetesService("shop", { service, cluster: platform.handle });
  });
  // A Deployment is awaited by the provider itself, and a cluster that is told counts.
  for (const make of [
    () => new KubernetesService("shop", { service, release: plain }, { provider: provider() }),
    () => new KubernetesService("shop", { service, cluster }, { provider: provider() }),
  ]) {
    const made = await render(make);
    expect(made.errors).toEqual([]);
    expect(made.byType("kubernetes:core/v1:Service")).toHaveLength(1);
  }
});

test("A judge without an address of Prometheus is refused", async () => {
  const made = await render(
    () => new KubernetesService("shop", { cluster: { ...cluster, prometheus: "" }, service, release: canary, hosts }),
  );
  expect(made.errors.map(({ message }) => message).join("\n")).toContain(
    'KubernetesService "shop": cluster has no Prometheus, by which the release is judged',
  );
});

test("A transform that changes the selector is told what follows, and no other", async () => {
  const warningsOf = async (matchLabels: Record<string, string>) => {
    const warnings: string[] = [];
    const warn = pulumi.log.warn;
    Object.assign(pulumi.log, { warn: async (message: string) => void warnings.push(message) });
    try {
      const deployment: NonNullable<KubernetesServiceTransforms["deployment"]> = (args) => ({
        ...args,
        spec: pulumi.output(args.spec).apply((spec) => ({ ...spec, selector: { matchLabels } })),
      });
      await render(program({ release: plain }, { deployment }));
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    return warnings;
  };
  expect(await warningsOf({ app: "other" })).toEqual([
    expect.stringMatching(/transform\.deployment changes spec\.selector\..*is deleted with all its pods/),
  ]);
  expect(await warningsOf({ "app.kubernetes.io/name": "shop" })).toEqual([]);
});

test("The default canary is what a reviewer reads", async () => {
  const made = await render(program(), { newResource });
  const objects = made.resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !/AnalysisTemplate$/.test(type))
    .map(({ type, name, inputs }) => [`${type} ${name}`, inputs]);
  expect(Object.fromEntries(objects)).toEqual(defaultCanaryObjects);
});
