import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Release } from "../../model/release";
import type { Service } from "../../model/service";
import { Router } from "../../release/compile/target";
import type { KubernetesServiceArgs } from "./args";
import { planService } from "./plan";
import { hookTemplate } from "./plan-hooks";
import { serviceManifests } from "./plan-manifests";
import { scrapersAt, scrapersIn } from "./plan-network";
import type { ServiceObject } from "./plan-objects";
import type { KnownLater } from "./plan-types";

const DIGEST = `sha256:${"a".repeat(64)}`;
const reference = `registry.example.com/shop@${DIGEST}`;
const service: Service = { image: { reference }, port: 8080, health: { readiness: { path: "/ready" } } };
const cluster = { kubeconfig: "", context: "", prometheus: "http://prometheus:9090", scrapeSeconds: 15 };
const hosts = ["shop.example.com"];
const known: KnownLater = {
  namespace: "store",
  image: reference,
  config: "shop-config-0123456",
  secret: "shop-secrets-abc",
  istioGateway: "gateways/public",
};
const canary: Release = { canary: {} };
const plain: Release = { onFailure: "pause" };

const plan = (args: object = {}, name = "shop") =>
  planService(name, { cluster, service, ...args } as KubernetesServiceArgs);
const manifests = (args: object = {}) => {
  const { before, workload, after } = serviceManifests(plan(args), known);
  return [...before, workload, ...after];
};
/** "Service shop", "Rollout shop" */
const titles = (args: object = {}) => manifests(args).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
const find = (args: object, kind: string, name = "shop"): ServiceObject => {
  const found = manifests(args).find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
};
const podOf = (args: object) => {
  const { rest } = serviceManifests(plan(args), known).workload;
  return rest.spec.template.spec;
};
const more = (extra: Partial<Service>) => ({ service: { ...service, ...extra } });
const refusal = (args: object, name = "shop") => {
  try {
    plan(args, name);
  } catch (error) {
    return String((error as Error).message);
  }
  return "accepted";
};
const remarks = (args: object) => plan(args).diagnostics.map(({ feature, fidelity }) => `${feature} ${fidelity}`);

describe("the objects of a release", () => {
  test("A canary has a stable and a canary Service and the router's weights", () => {
    expect(titles({ release: canary, hosts })).toEqual([
      "ServiceAccount shop",
      "Service shop",
      "Service shop-canary",
      "TraefikService shop",
      "IngressRoute shop",
      "NetworkPolicy shop",
      "PodDisruptionBudget shop",
      "Rollout shop",
    ]);
  });

  test("Blue-green has a preview Service and needs no router", () => {
    expect(titles({ release: { blueGreen: {} } })).toEqual([
      "ServiceAccount shop",
      "Service shop",
      "Service shop-preview",
      "NetworkPolicy shop",
      "PodDisruptionBudget shop",
      "Rollout shop",
    ]);
  });

  test("Where nobody asks for a way back the pods belong to a Deployment", () => {
    expect(titles({ release: plain })).toContain("Deployment shop");
    expect(find({ release: plain }, "Deployment").rest.spec).toMatchObject({
      replicas: 2,
      strategy: { type: "RollingUpdate" },
    });
  });

  test("Labels of one's own are on every object, and on no pod, so that another owner is no new version", () => {
    const labels = { owner: "shop", "cost-center": "4711" };
    const given = { release: canary, hosts, labels };
    const all = manifests(given);
    for (const { metadata } of all) {
      expect(metadata.labels).toMatchObject({ ...labels, "app.kubernetes.io/name": "shop" });
    }
    const { rest } = find(given, "Rollout");
    expect(rest).toEqual(find({ release: canary, hosts }, "Rollout").rest);
    expect(refusal({ labels: { "app.kubernetes.io/name": "till" } })).toContain("or one of Headgate's own");
    expect(refusal({ labels: { "app.kubernetes.io/version": "1.2.0" } })).toBe("accepted");
  });

  test("Two copies are usual, where nobody says a number and they are alike", () => {
    const copies = (kind: string, extra: Partial<Service>, release: Release = canary) =>
      find({ release, hosts, ...more(extra) }, kind).rest.spec.replicas;
    expect(copies("Rollout", {})).toBe(2);
    expect(copies("Rollout", {}, {})).toBe(2);
    expect(copies("Rollout", { replicas: {} })).toBe(2);
    expect(copies("Rollout", { replicas: { count: 1 } })).toBe(1);
    expect(copies("Rollout", { replicas: { min: 1, max: 3 } })).toBeUndefined();
    // A second copy with a name would have data of its own.
    expect(copies("StatefulSet", { workload: "stateful" }, plain)).toBe(1);
  });

  test("Copies with names have a headless Service and volumes of their own", () => {
    const volumes = { data: { path: "/data", persistent: true, size: "2GiB" }, cache: { path: "/cache" } };
    const args = { release: plain, storageClass: "fast", ...more({ workload: "stateful", volumes }) };
    expect(titles(args)).toContain("Service shop-headless");
    expect(find(args, "Service", "shop-headless").rest.spec).toMatchObject({ clusterIP: "None" });
    expect(find(args, "StatefulSet").rest.spec).toMatchObject({
      serviceName: "shop-headless",
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "2Gi" } },
          },
        },
      ],
    });
    expect(podOf(args).volumes).toContainEqual({ name: "cache", emptyDir: { sizeLimit: "1Gi" } });
    expect(podOf(args).volumes).not.toContainEqual(expect.objectContaining({ name: "data" }));
    expect(podOf(args).containers[0].volumeMounts).toContainEqual({ name: "data", mountPath: "/data" });
  });

  test("One copy on every machine has neither autoscaler nor budget", () => {
    const args = { release: plain, ...more({ workload: "per-machine", replicas: { min: 1, max: 3 } }) };
    expect(titles(args)).toEqual(["ServiceAccount shop", "Service shop", "NetworkPolicy shop", "DaemonSet shop"]);
    expect(remarks(args)).toContain("service.replicas dropped");
    expect(podOf(args)).not.toHaveProperty("topologySpreadConstraints");
  });
});

describe("traps of release-strategies.md 2.2", () => {
  test("(a) weights that pods cannot express without a router are told, and refused where the fit is exact", () => {
    const counters = { total: "http_requests_total", bad: 'http_requests_total{code=~"5.."}' };
    const args = { release: canary, router: "none", counters, ...more({ replicas: { count: 4 } }) };
    expect(remarks(args)).toContain("release.canary.steps[0].weight dropped");
    expect(refusal({ ...args, release: { canary: {}, fit: "exact" } })).toMatch(
      /release\.canary\.steps\[0\]\.weight would be dropped here/,
    );
  });

  test.each(["stateful", "per-machine"] as const)("(b) a canary of %s copies is refused", (workload) => {
    expect(refusal({ hosts, release: { canary: {}, onFailure: "pause" }, ...more({ workload }) })).toMatch(
      /^KubernetesService "shop": service\.workload cannot be "(stateful|per-machine)" in a canary release\./,
    );
  });

  test("(c) old pods are not taken away as their share falls", () => {
    expect(find({ release: canary, hosts }, "Rollout").rest.spec.strategy.canary).not.toHaveProperty(
      "dynamicStableScale",
    );
  });

  test("(d) sticky sessions are dropped with a remark but for ALB", () => {
    const release = { canary: { route: { sticky: {} } } };
    expect(remarks({ release, hosts })).toContain("release.canary.route.sticky dropped");
  });

  test("(e) retry changes the pods' template, and nothing else", () => {
    const template = (retry: number) => find({ retry, release: canary, hosts }, "Rollout").rest.spec.template;
    expect(template(0).metadata.annotations["headgate/retry"]).toBe("0");
    expect(template(2).metadata.annotations["headgate/retry"]).toBe("2");
    expect(template(2).spec).toEqual(template(0).spec);
  });

  // (f), that configurations outlive their version, is in kubernetes-service.test.ts.

  test("(g) the Rollout is not awaited, since the release follows it", () => {
    expect(find({ release: canary, hosts }, "Rollout").metadata.annotations).toEqual({
      "pulumi.com/skipAwait": "true",
    });
    expect(plan({ release: canary, hosts }).release.waitSeconds).toBe(4 * 300 + 300 + 600);
  });

  test.each([
    ["Rollout", { hosts, release: canary }],
    ["Deployment", { release: plain }],
    ["StatefulSet", { release: plain, service: { ...service, workload: "stateful" } }],
  ])("(h) the number of copies of a %s is the autoscaler's", (kind, args: object) => {
    const base = (args as { service?: Service }).service ?? service;
    const scaled = { ...args, service: { ...base, replicas: { min: 2, max: 6 } } };
    expect(find(scaled, kind).rest.spec).not.toHaveProperty("replicas");
    expect(find(scaled, "HorizontalPodAutoscaler").rest.spec).toMatchObject({
      scaleTargetRef: { kind, name: "shop" },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
    });
  });
});

describe("pods", () => {
  test("are hardened as the profile restricted demands", () => {
    const pod = podOf({ release: canary, hosts, user: "1001:2002" });
    expect(pod).toMatchObject({
      serviceAccountName: "shop",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1001,
        runAsGroup: 2002,
        fsGroup: 2002,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(pod.volumes).toEqual([{ name: "headgate-scratch-0", emptyDir: { sizeLimit: "64Mi" } }]);
  });

  test("may use what the service says, no more", () => {
    const [container] = podOf(more({ resources: { cpu: "1.5", memory: "512MB" } })).containers;
    const amounts = { cpu: "1500m", memory: "500000Ki" };
    expect(container.resources).toEqual({ requests: amounts, limits: amounts });
  });

  test("have every probe, and start before liveness counts", () => {
    const health = {
      readiness: { path: "/ready", interval: "500ms", healthyAfter: 2, unhealthyAfter: 4 },
      liveness: { path: "/live", interval: "5s", timeout: "2s" },
      startTimeout: "62s",
    };
    const [container] = podOf(more({ health })).containers;
    expect(container.readinessProbe).toEqual({
      httpGet: { path: "/ready", port: "http" },
      periodSeconds: 1,
      timeoutSeconds: 1,
      successThreshold: 2,
      failureThreshold: 4,
    });
    expect(container.livenessProbe).toEqual({
      httpGet: { path: "/live", port: "http" },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
    expect(container.startupProbe).toMatchObject({ httpGet: { path: "/live" }, failureThreshold: 13 });
    expect(remarks(more({ health }))).toContain("service.health.readiness.interval approximated");
    const startup = { path: "/started", interval: "10s" };
    const [other] = podOf(more({ health: { ...health, startup } })).containers;
    expect(other.startupProbe).toMatchObject({ httpGet: { path: "/started" }, failureThreshold: 7 });
  });

  test("go on to answer while they leave, and then have their time", () => {
    const stopping = (extra: Partial<Service>) => {
      const { terminationGracePeriodSeconds, containers } = podOf(more(extra));
      return [terminationGracePeriodSeconds, containers[0].lifecycle?.preStop.sleep.seconds];
    };
    expect(stopping({})).toEqual([35, 5]);
    expect(stopping({ stopDelay: "12s", stopTimeout: "1m" })).toEqual([72, 12]);
    expect(stopping({ stopDelay: "0s" })).toEqual([30, undefined]);
  });

  test("read variables, files and secrets from objects, never from their template", () => {
    const args = {
      env: { LEVEL: "debug" },
      secrets: { token: "hunter2" },
      ...more({
        env: { COLOR: "blue" },
        files: { "/etc/shop/a.json": "{}", "/srv/motd": "hello" },
        secrets: { DATABASE_URL: { store: "shop-database", key: "url", variable: true }, "tls.crt": { store: "tls" } },
      }),
    };
    const { containers, volumes } = podOf(args);
    const config = (key: string) => ({ name: key, valueFrom: { configMapKeyRef: { name: known.config, key } } });
    expect(containers[0].env).toEqual([
      config("COLOR"),
      config("LEVEL"),
      { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "shop-database", key: "url" } } },
    ]);
    expect(volumes).toContainEqual({ name: "headgate-config", configMap: { name: known.config } });
    expect(containers[0].volumeMounts).toContainEqual({
      name: "headgate-config",
      mountPath: "/srv/motd",
      subPath: "file.1",
      readOnly: true,
    });
    expect(volumes).toContainEqual({
      name: "headgate-secrets",
      projected: {
        defaultMode: 0o440,
        sources: [
          { secret: { name: "tls", items: [{ key: "tls.crt", path: "tls.crt" }] } },
          { secret: { name: known.secret, items: [{ key: "token", path: "token" }] } },
        ],
      },
    });
    expect(JSON.stringify(plan(args))).not.toContain("hunter2");
  });

  test("a secret given here takes the place of the cluster's", () => {
    const args = { secrets: { db: "x" }, ...more({ secrets: { db: { store: "shop-database", variable: true } } }) };
    expect(podOf(args).containers[0].env).toEqual([
      { name: "db", valueFrom: { secretKeyRef: { name: known.secret, key: "db" } } },
    ]);
  });

  test("run where they should, as far as there is room", () => {
    const scheduling = {
      architecture: "arm64",
      spot: true,
      machineLabels: { pool: "web" },
      spread: "machine",
    } as const;
    const pod = podOf(more({ scheduling }));
    expect(pod.nodeSelector).toEqual({ pool: "web", "kubernetes.io/arch": "arm64" });
    expect(pod.tolerations).toHaveLength(2);
    expect(pod.affinity.nodeAffinity).toHaveProperty("preferredDuringSchedulingIgnoredDuringExecution");
    expect(pod.topologySpreadConstraints).toMatchObject([
      { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
    ]);
    expect(podOf({}).topologySpreadConstraints).toHaveLength(2);
  });

  test("listen on low ports without rights", () => {
    expect(podOf(more({ port: 80 })).securityContext.sysctls).toEqual([
      { name: "net.ipv4.ip_unprivileged_port_start", value: "0" },
    ]);
    expect(podOf({}).securityContext).not.toHaveProperty("sysctls");
  });

  test("name their ports, and Services follow the names", () => {
    const args = { release: plain, ...more({ ports: { admin: 9000 }, metrics: { port: 9100 } }) };
    expect(podOf(args).containers[0].ports).toEqual([
      { name: "http", containerPort: 8080, protocol: "TCP" },
      { name: "admin", containerPort: 9000, protocol: "TCP" },
      { name: "metrics", containerPort: 9100, protocol: "TCP" },
    ]);
    expect(find(args, "Service").rest.spec.ports).toEqual([
      { name: "http", port: 80, targetPort: "http", protocol: "TCP" },
      { name: "admin", port: 9000, targetPort: "admin", protocol: "TCP" },
    ]);
  });
});

describe("routers", () => {
  const route = (args: object, kind: string) => find({ release: canary, hosts, ...args }, kind);

  test("Traefik: weights in a list that Argo owns", () => {
    expect(route({}, "TraefikService")).toMatchObject({
      apiVersion: "traefik.io/v1alpha1",
      rest: {
        spec: {
          weighted: {
            services: [
              { name: "shop", port: 80, weight: 100 },
              { name: "shop-canary", port: 80, weight: 0 },
            ],
          },
        },
      },
      ignoreChanges: ["spec.weighted.services"],
    });
    expect(route({ hosts: ["a.example.com", "b.example.com"], tlsSecret: "site" }, "IngressRoute").rest.spec).toEqual({
      entryPoints: ["websecure"],
      routes: [
        {
          kind: "Rule",
          match: "Host(`a.example.com`) || Host(`b.example.com`)",
          services: [{ kind: "TraefikService", name: "shop" }],
        },
      ],
      tls: { secretName: "site" },
    });
  });

  test("Gateway API: the old version has all traffic until Argo says otherwise, in a list that it owns", () => {
    const counters = { total: "http_requests_total", bad: "http_errors_total" };
    const gateway = { name: "public", namespace: "gateways", listener: "https" };
    const object = route({ router: "gatewayApi", gateway, counters }, "HTTPRoute");
    expect(object.rest.spec).toEqual({
      parentRefs: [{ name: "public", namespace: "gateways", sectionName: "https" }],
      hostnames: hosts,
      rules: [
        {
          backendRefs: [
            { name: "shop", port: 80, weight: 100 },
            { name: "shop-canary", port: 80, weight: 0 },
          ],
        },
      ],
    });
    expect(object.ignoreChanges).toEqual(["spec.rules"]);
  });

  test.each(Object.values(Router).filter((router) => router !== "none"))(
    "%s: the way in is the same whatever the strategy, so that a change of it moves nothing",
    (router) => {
      const kinds = ["Service", "TraefikService", "IngressRoute", "HTTPRoute", "VirtualService", "Ingress"];
      const wayIn = (release: Release) =>
        manifests({
          ...{ release, hosts, router, counters: { total: "http_requests_total", bad: "http_errors_total" } },
          ...((router === "gatewayApi" || router === "istio") && { gateway: { name: "public" } }),
        })
          .filter(({ kind, metadata }) => kinds.includes(kind) && metadata.name !== "shop-preview")
          // Whose selector it is does not show in the object.
          .map((object) => (object.kind === "Service" ? { ...object, ignoreChanges: [] } : object));
      const shapes = [plain, { rolling: {} }, { immediate: {} }, { blueGreen: {} }].map(wayIn);
      const lacking = router === "nginx" ? ["shop-canary"] : [];
      const expected = wayIn(canary).filter(({ metadata }) => !lacking.includes(String(metadata.name)));
      for (const shape of shapes) expect(shape).toEqual(expected);
    },
  );

  test("nginx: the stable Service alone; Argo makes an Ingress beside it", () => {
    const object = route({ router: "nginx", ingressAnnotations: { "example.com/a": "1" } }, "Ingress");
    expect(object.rest.spec).toEqual({
      ingressClassName: "nginx",
      rules: [
        {
          host: "shop.example.com",
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "shop", port: { name: "http" } } } }],
          },
        },
      ],
    });
    expect(object.metadata.annotations).toMatchObject({ "example.com/a": "1" });
    expect(object).not.toHaveProperty("ignoreChanges");
  });

  test("Istio: one route without a name, with both Services", () => {
    const object = route({ router: "istio", gateway: { name: "public", namespace: "gateways" } }, "VirtualService");
    expect(object.rest.spec).toEqual({
      hosts: ["shop", "shop.example.com"],
      gateways: ["mesh", "gateways/public"],
      http: [
        {
          route: [
            { destination: { host: "shop" }, weight: 100 },
            { destination: { host: "shop-canary" }, weight: 0 },
          ],
        },
      ],
    });
    expect(object.ignoreChanges).toEqual(["spec.http"]);
    expect(refusal({ router: "istio", release: canary })).toBe("accepted");
  });

  test("ALB: the action that Argo rewrites, on the port of the Services", () => {
    const counters = { total: "http_requests_total", bad: "http_errors_total" };
    const object = route({ router: "alb", counters }, "Ingress");
    const key = "alb.ingress.kubernetes.io/actions.shop";
    expect(object.rest.spec.rules[0].http.paths[0].backend).toEqual({
      service: { name: "shop", port: { name: "use-annotation" } },
    });
    const annotations = object.metadata.annotations as Record<string, string>;
    expect(JSON.parse(annotations[key] ?? "")).toEqual({
      Type: "forward",
      ForwardConfig: {
        TargetGroups: [
          { ServiceName: "shop-canary", ServicePort: "80", Weight: 0 },
          { ServiceName: "shop", ServicePort: "80", Weight: 100 },
        ],
      },
    });
    expect(object.ignoreChanges).toEqual([`metadata.annotations["${key}"]`]);
    expect(route({ router: "alb", counters }, "Rollout").rest.spec.strategy.canary.trafficRouting.alb.servicePort).toBe(
      80,
    );
  });

  test("selectors that Argo moves are left to it, those of other Services are not", () => {
    const moved = (args: object) =>
      manifests(args)
        .filter(({ kind, ignoreChanges }) => kind === "Service" && ignoreChanges?.includes("spec.selector"))
        .map(({ metadata }) => metadata.name);
    expect(moved({ release: canary, hosts })).toEqual(["shop", "shop-canary"]);
    expect(moved({ release: { blueGreen: {} } })).toEqual(["shop", "shop-preview"]);
    expect(moved({ release: plain })).toEqual([]);
  });

  test("without hosts a service is reached inside the cluster only", () => {
    expect(titles({ release: plain })).not.toContain("IngressRoute shop");
    expect(titles({ release: plain, hosts })).toContain("IngressRoute shop");
  });
});

describe("connections, metrics and scale", () => {
  test("by default everybody may call the service's port, and nothing is said of what it calls", () => {
    const { spec } = find(more({ metrics: { port: 9100 } }), "NetworkPolicy").rest;
    expect(spec).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
      policyTypes: ["Ingress"],
      ingress: [
        { ports: [{ protocol: "TCP", port: "http" }] },
        { from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: "metrics" }] },
      ],
    });
  });

  test("declared connections, the router, Prometheus and DNS, and no other", () => {
    const connections = {
      from: [{ service: "web" }, { namespace: "jobs", ports: [9000] }],
      to: [{ service: "database", namespace: "data", ports: [5432] }, { cidr: "10.0.0.0/8" }],
    };
    const namespace = (name: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    });
    const pods = (name: string) => ({ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } });
    const hooks = (name: string) => ({ podSelector: { matchLabels: { "headgate.dev/hook-of": name } } });
    const http = [{ protocol: "TCP", port: "http" }];
    const dns = (port: number) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }));
    const { spec } = find({ connections, hosts, ...more({ metrics: {} }) }, "NetworkPolicy").rest;
    expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(spec.ingress).toEqual([
      { from: [pods("web"), hooks("web")], ports: http },
      { from: [{ podSelector: {}, ...namespace("jobs") }], ports: [{ protocol: "TCP", port: 9000 }] },
      { from: [namespace("headgate")], ports: http },
      { from: [{ namespaceSelector: {} }], ports: http },
    ]);
    expect(spec.egress).toEqual([
      { ports: dns(53) },
      { to: [namespace("kube-system"), namespace("openshift-dns")], ports: dns(5353) },
      { to: [{ ...pods("database"), ...namespace("data") }], ports: [{ protocol: "TCP", port: 5432 }] },
      { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }] },
    ]);
  });

  test("metrics are read from the namespace of Prometheus only, where its address tells it", () => {
    const namespace = (name: string) => [
      { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } },
    ];
    expect(scrapersAt("http://prometheus.headgate.svc:9090")).toEqual(namespace("headgate"));
    expect(scrapersAt("https://thanos.monitoring.svc.cluster.local/prefix")).toEqual(namespace("monitoring"));
    for (const address of [
      "",
      "http://prometheus:9090",
      "https://prometheus.example.com",
      "http://a.b.svcs.com:9090",
    ]) {
      expect(scrapersAt(address)).toEqual([{ namespaceSelector: {} }]);
    }
    const connected = plan({ connections: { from: [] }, ...more({ metrics: {} }) });
    const { before } = serviceManifests(connected, { ...known, scrapers: scrapersIn("monitoring") });
    // The port of the metrics is that of the service: whoever else may read them may call it.
    expect(before.find(({ kind }) => kind === "NetworkPolicy")?.rest.spec.ingress).toEqual([
      { from: namespace("monitoring"), ports: [{ protocol: "TCP", port: "http" }] },
    ]);
  });

  test("the pods of hooks call what the service calls, and no Service finds them", () => {
    const release = { canary: {}, migration: { command: ["migrate"] } };
    const args = { release, hosts, connections: { to: [{ service: "database" }] } };
    const { spec } = find(args, "NetworkPolicy", "shop-hooks").rest;
    const own = find(args, "NetworkPolicy").rest.spec;
    const labels = { "headgate.dev/hook-of": "shop" };
    expect(spec).toEqual({ podSelector: { matchLabels: labels }, policyTypes: ["Egress"], egress: own.egress });
    const planned = plan(args);
    const [template] = planned.release.hookTemplates.map((each) => hookTemplate(planned, known, each));
    expect(template?.spec.metrics[0]?.provider.job?.spec.template).toMatchObject({ metadata: { labels } });
    const selectors = manifests(args).flatMap(({ kind, rest }) => (kind === "Service" ? [rest.spec.selector] : []));
    expect(selectors.length).toBe(2);
    for (const selector of selectors) expect(selector).toMatchObject({ "app.kubernetes.io/name": "shop" });

    const http = { canary: {}, hooks: { beforePromote: { http: { url: "https://example.com" } } } };
    for (const other of [
      { ...args, release: plain },
      { ...args, release: http },
      { ...args, connections: {} },
    ]) {
      expect(titles(other)).not.toContain("NetworkPolicy shop-hooks");
    }
  });

  test("hooks in the service's image run where the service runs, others anywhere", () => {
    const scheduling = { architecture: "arm64", machineLabels: { pool: "shop" }, spot: true } as const;
    const hooks = { beforePromote: { container: { image: `tools@sha256:${"0".repeat(64)}`, command: ["check"] } } };
    const args = {
      release: { canary: {}, migration: { command: ["migrate"] }, hooks },
      hosts,
      ...more({ scheduling }),
    };
    const planned = plan(args);
    const [migration, other] = planned.release.hookTemplates.map(
      (each) => hookTemplate(planned, known, each).spec.metrics[0]?.provider.job?.spec.template.spec,
    );
    const { nodeSelector, affinity, tolerations } = podOf(args);
    expect(nodeSelector).toEqual({ pool: "shop", "kubernetes.io/arch": "arm64" });
    expect(migration).toMatchObject({ nodeSelector, affinity, tolerations });
    expect(migration).not.toHaveProperty("topologySpreadConstraints");
    expect(other).not.toHaveProperty("nodeSelector");
  });

  test("metrics are found by annotations, or by the Prometheus Operator with the pods' version kept", () => {
    const metrics = more({ metrics: { port: 9100, path: "/stats" } });
    const annotations = (args: object) =>
      serviceManifests(plan(args), known).workload.rest.spec.template.metadata.annotations;
    expect(annotations(metrics)).toMatchObject({
      "prometheus.io/scrape": "true",
      "prometheus.io/port": "9100",
      "prometheus.io/path": "/stats",
    });
    expect(annotations({ monitor: "none", ...metrics })).toEqual({ "headgate/retry": "0" });
    expect(find({ monitor: "pod-monitor", ...metrics }, "PodMonitor").rest.spec).toEqual({
      selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
      podTargetLabels: ["rollouts-pod-template-hash"],
      podMetricsEndpoints: [{ port: "metrics", path: "/stats" }],
    });
    const args = { monitor: "service-monitor", release: { blueGreen: {} }, ...metrics };
    const { selector, podTargetLabels, endpoints } = find(args, "ServiceMonitor").rest.spec;
    expect(podTargetLabels).toEqual(["rollouts-pod-template-hash"]);
    expect(endpoints).toEqual([{ port: "metrics", path: "/stats" }]);
    const found = manifests(args).filter(({ kind, metadata }) => {
      const labels = metadata.labels as Record<string, string>;
      return kind === "Service" && Object.entries(selector.matchLabels).every(([key, value]) => labels[key] === value);
    });
    // Two Services with the same pods would count every request twice.
    expect(found.map(({ metadata }) => metadata.name)).toEqual(["shop-metrics"]);
  });

  test("an autoscaler goes by every target", () => {
    const replicas = {
      min: 1,
      max: 9,
      targetCpuPercent: 55,
      targetMemoryPercent: 80,
      targetRequestsPerSecond: 12.5,
      targetMetric: { query: "sum(queue_length)", perCopy: 100 },
    };
    const args = more({ replicas });
    expect(find(args, "HorizontalPodAutoscaler").rest.spec.metrics).toEqual([
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 55 } } },
      { type: "Resource", resource: { name: "memory", target: { type: "Utilization", averageUtilization: 80 } } },
      {
        type: "Pods",
        pods: {
          metric: { name: "http_requests_per_second" },
          target: { type: "AverageValue", averageValue: "12500m" },
        },
      },
      {
        type: "External",
        external: { metric: { name: "headgate_shop" }, target: { type: "AverageValue", averageValue: "100" } },
      },
    ]);
    expect(remarks(args)).toEqual(
      expect.arrayContaining([
        "service.replicas.targetRequestsPerSecond emulated",
        "service.replicas.targetMetric emulated",
      ]),
    );
  });

  test("maintenance takes a share of the copies, at least one", () => {
    expect(find({}, "PodDisruptionBudget").rest.spec).toMatchObject({ maxUnavailable: "25%" });
  });
});

describe("refused", () => {
  const one = 'KubernetesService "shop": ';
  test.each<[string, object, string]>([
    [
      "a build",
      { service: { ...service, image: { build: { context: "." } } } },
      `${one}service.image.build cannot be used here`,
    ],
    ["a tag", { image: "registry.example.com/shop:1" }, `${one}image must end with a digest`],
    [
      "a fixed number beside an autoscaler",
      more({ replicas: { count: 3, max: 5 } }),
      `${one}service.replicas cannot be fixed while replicas.max sets an autoscaler (got 3). Remove replicas.count.`,
    ],
    ["ports with one number", more({ ports: { admin: 8080 } }), `${one}service.ports.admin is the same as port`],
    [
      "a port called http",
      more({ ports: { http: 9000 } }),
      `${one}service.ports.http is the name of the service's main port`,
    ],
    [
      "a port where the Service is",
      more({ ports: { legacy: 80 } }),
      `${one}service.ports.legacy is where the Service answers for the main port, whatever port the containers listen on (got 80). Give it another number.`,
    ],
    [
      "a Secret that there cannot be",
      more({ secrets: { password: { store: "Shop_Database" } } }),
      `${one}service.secrets.password.store must be the name of a Secret`,
    ],
    [
      "a key that there cannot be",
      more({ secrets: { password: { store: "shop.database", key: "a/b" } } }),
      `${one}service.secrets.password.key is no key of a Secret (got "a/b")`,
    ],
    [
      "a long port name",
      more({ ports: { "administration-port": 9000 } }),
      `${one}service.ports["administration-port"] must have at most 15 characters`,
    ],
    ["an unknown key", { relase: {} }, `${one}relase is not a known setting. Did you mean release?`],
    ["root", { user: "0:0" }, `${one}user is root`],
    ["no user that there can be", { user: "2147483648:1" }, `${one}user must be two numbers, at most 2147483647`],
    [
      "a label that is none",
      { ingressAnnotations: { "a-/x": "1" }, router: "nginx", hosts },
      `${one}ingressAnnotations["a-/x"] is no name of an annotation`,
    ],
    [
      "an address for a host of an Ingress",
      { router: "nginx", hosts: ["10.0.0.1"] },
      `${one}hosts[0] is an address, and nginx sends requests by name`,
    ],
    [
      "more hosts than a route takes",
      {
        router: "gatewayApi",
        gateway: { name: "g" },
        hosts: Array.from({ length: 17 }, (_, index) => `h${index}.example.com`),
      },
      `${one}hosts are more than the 16 that a route of the Gateway API takes`,
    ],
    [
      "a range that begins in its middle",
      { connections: { to: [{ cidr: "10.1.2.3/16" }] } },
      `${one}connections.to[0].cidr must begin with the first address of the range (got "10.1.2.3/16"). Set all to zero that comes after its first 16 bits.`,
    ],
    [
      "a range of IPv6 that does",
      { connections: { to: [{ cidr: "2001:db8::1/64" }] } },
      `${one}connections.to[0].cidr must begin with the first address of the range`,
    ],
    ["no value for a secret", { secrets: { token: undefined } }, `${one}secrets.token is missing (got nothing)`],
    [
      "secrets that are known only later",
      { secrets: pulumi.output({ token: "hunter2" }) },
      `${one}secrets must be an object of names and values (got an Output)`,
    ],
    ["an empty secret", { secrets: { token: "" } }, `${one}secrets.token is missing (got an empty text)`],
    [
      "a secret that is a variable too",
      more({ env: { A: "1" }, secrets: { A: { store: "a", variable: true } } }),
      `${one}service.secrets.A is a variable of service.env or env too`,
    ],
    [
      "a canary that nobody can reach",
      { release: canary },
      `${one}hosts is missing: traefik sends requests by host name`,
    ],
    [
      "a canary that nothing counts",
      { release: canary, router: "none" },
      `${one}counters are missing: without them nothing tells`,
    ],
    [
      "a judge without Prometheus",
      { cluster: undefined, release: canary, hosts },
      `${one}cluster is missing: the release is judged by its Prometheus`,
    ],
    ["a route without a gateway", { router: "gatewayApi", hosts, release: plain }, `${one}gateway is missing`],
    ["hosts without a gateway", { router: "istio", hosts, release: plain }, `${one}gateway is missing`],
    [
      "hosts without a router",
      { router: "none", hosts, release: plain },
      `${one}hosts have no effect without a router`,
    ],
    ["a gateway for Traefik", { gateway: { name: "public" } }, `${one}gateway has no effect with the router "traefik"`],
    [
      "a scratch folder on a volume",
      { scratch: { "/cache": "1MiB" }, ...more({ volumes: { cache: { path: "/cache" } } }) },
      `${one}scratch["/cache"] is the same as service.volumes.cache`,
    ],
    [
      "a file among the secrets",
      more({ files: { "/run/secrets/a": "" } }),
      `${one}service.files["/run/secrets/a"] is where the secrets are`,
    ],
    [
      "files beyond a ConfigMap",
      more({ files: { "/a": "x".repeat(2 ** 20 + 1) } }),
      `${one}service.files and service.env have 1048577 bytes together`,
    ],
    [
      "a peer that is two",
      { connections: { to: [{ service: "a", cidr: "10.0.0.0/8" }] } },
      `${one}connections.to[0] cannot be both pods and addresses`,
    ],
    ["a peer that is nobody", { connections: { from: [{}] } }, `${one}connections.from[0] says nobody`],
    [
      "a wrong range",
      { connections: { to: [{ cidr: "10.0.0.0/33" }] } },
      `${one}connections.to[0].cidr must be a range of addresses (got "10.0.0.0/33")`,
    ],
    ["a wrong namespace", { namespace: "My Shop" }, `${one}namespace must be a name`],
    ["an unknown router", { router: "envoy" }, `${one}router must be one of`],
    ["a negative retry", { retry: -1 }, `${one}retry must be a whole number`],
  ])("%s", (_, args, message) => {
    const got = refusal(args);
    expect(got.startsWith(message), got).toBe(true);
    expect(got).not.toContain("\n");
  });

  test("a long name, as its longest object would be", () => {
    const name = "a".repeat(41);
    expect(refusal({}, name)).toMatch(/^KubernetesService "a+": name must be 1 to 40 /);
  });

  test("several problems together", () => {
    const got = refusal({ user: "root", retry: 1.5, hosts: ["https://shop"] });
    expect(got).toMatch(/^KubernetesService "shop": 3 problems\n/);
  });

  test("what is not exact, where the fit is", () => {
    const release: Release = { onFailure: "pause", fit: "exact" };
    expect(refusal({ release, ...more({ scheduling: { spot: true } }) })).toMatch(
      /service\.scheduling\.spot would be approximated/,
    );
  });
});

test("A usual scratch folder makes place for a volume", () => {
  const { containers } = podOf(more({ volumes: { work: { path: "/tmp" } } }));
  expect(containers[0].volumeMounts).toEqual([{ name: "work", mountPath: "/tmp" }]);
});

test("A version of a secret is dropped with a remark", () => {
  expect(remarks(more({ secrets: { db: { store: "shop-database", version: "3" } } }))).toContain(
    "service.secrets.db.version dropped",
  );
});
