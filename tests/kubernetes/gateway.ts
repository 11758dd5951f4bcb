import { randomBytes } from "node:crypto";
import { KubeConfig, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { api, cluster, eventually } from "./harness";

const MANAGER = "gateway-test";
const [WEB, PING] = [8000, 8080];
const all = ["get", "list", "watch"];

type Made = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };

/** A gateway of the Gateway API that a user has: Traefik beside the platform's, in a namespace of its own. */
export class TestGateway implements AsyncDisposable {
  private readonly objects: KubernetesObjectApi;
  private readonly made: Made[] = [];
  /** Where it answers, once it is created. */
  url = "";

  private constructor(readonly namespace: string) {
    const config = new KubeConfig();
    config.loadFromFile(process.env["HEADGATE_TEST_KUBECONFIG"] ?? "");
    this.objects = KubernetesObjectApi.makeApiClient(config);
  }

  static async create(): Promise<TestGateway> {
    const gateway = new TestGateway(`gateway-${randomBytes(3).toString("hex")}`);
    for (const object of gateway.manifests()) await gateway.apply(object);
    const { namespace } = gateway;
    const { spec } = await api.core.readNamespacedService({ name: "traefik", namespace });
    gateway.url = `http://${cluster.nodeAddress}:${spec?.ports?.[0]?.nodePort}/`;
    await eventually(60, "the gateway has its address", async () => {
      const { conditions = [] } = (await gateway.read("gateways", "public", namespace)).status ?? {};
      return conditions.some(({ type, status }) => type === "Programmed" && status === "True") ? true : undefined;
    });
    return gateway;
  }

  /** An object of the Gateway API. */
  read(plural: string, name: string, namespace: string): Promise<GatewayObject> {
    const group = "gateway.networking.k8s.io";
    return api.custom.getNamespacedCustomObject({ group, version: "v1", namespace, plural, name });
  }

  /** Weights of a route's Services, the stable one first. */
  async weights(name: string, namespace: string): Promise<(number | undefined)[]> {
    const { spec } = await this.read("httproutes", name, namespace);
    return (spec.rules?.[0]?.backendRefs ?? []).map(({ weight }) => weight);
  }

  private manifests(): (Made & Record<string, unknown>)[] {
    const { namespace } = this;
    const here = { name: "traefik", namespace };
    const rbac = "rbac.authorization.k8s.io";
    const api = { apiVersion: "gateway.networking.k8s.io/v1" };
    const kinds = ["gatewayclasses", "gateways", "httproutes", "grpcroutes", "backendtlspolicies"];
    const rule = (group: string, resources: string[], verbs = all) => ({ apiGroups: [group], resources, verbs });
    const rules = [
      rule("", ["namespaces", "services", "secrets", "configmaps"]),
      rule("discovery.k8s.io", ["endpointslices"]),
      rule("gateway.networking.k8s.io", [...kinds, "referencegrants"]),
      rule(
        "gateway.networking.k8s.io",
        kinds.map((kind) => `${kind}/status`),
        ["update"],
      ),
    ];
    const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: namespace };
    const subjects = [{ kind: "ServiceAccount", ...here }];
    return [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      { apiVersion: "v1", kind: "ServiceAccount", metadata: here },
      { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: namespace }, rules },
      { apiVersion: `${rbac}/v1`, kind: "ClusterRoleBinding", metadata: { name: namespace }, roleRef, subjects },
      {
        ...api,
        kind: "GatewayClass",
        metadata: { name: namespace },
        spec: { controllerName: "traefik.io/gateway-controller" },
      },
      {
        ...api,
        kind: "Gateway",
        metadata: { name: "public", namespace },
        spec: {
          gatewayClassName: namespace,
          // Traefik goes by the port of its entry point. Routes come from the namespaces of services.
          listeners: [{ name: "web", port: WEB, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } }],
        },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: here,
        spec: { type: "NodePort", selector: { app: "traefik" }, ports: [{ port: 80, targetPort: WEB }] },
      },
      { apiVersion: "apps/v1", kind: "Deployment", metadata: here, spec: this.deployment() },
    ];
  }

  private deployment() {
    const args = [
      `--entrypoints.web.address=:${WEB}`,
      `--entrypoints.ping.address=:${PING}`,
      "--ping.entrypoint=ping",
      "--providers.kubernetesgateway=true",
      `--providers.kubernetesgateway.statusaddress.service.namespace=${this.namespace}`,
      "--providers.kubernetesgateway.statusaddress.service.name=traefik",
    ];
    const readinessProbe = { httpGet: { path: "/ping", port: PING }, periodSeconds: 1 };
    const container = { name: "traefik", image: cluster.images["traefik"], args, readinessProbe };
    return {
      selector: { matchLabels: { app: "traefik" } },
      template: {
        metadata: { labels: { app: "traefik" } },
        spec: {
          serviceAccountName: "traefik",
          containers: [{ ...container, imagePullPolicy: "IfNotPresent" }],
        },
      },
    };
  }

  private async apply(object: Made & Record<string, unknown>): Promise<void> {
    await this.objects.patch(object, undefined, undefined, MANAGER, true, PatchStrategy.ServerSideApply);
    if (object.metadata.namespace === undefined) this.made.push(object);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const object of this.made.reverse()) await this.objects.delete(object);
  }
}

/** The parts of a Gateway or HTTPRoute that tests look at. */
export interface GatewayObject {
  spec: { hostnames?: string[]; rules?: { backendRefs?: { name: string; weight?: number }[] }[] };
  status?: {
    conditions?: Condition[];
    parents?: { conditions: Condition[] }[];
  };
}

interface Condition {
  type: string;
  status: string;
}
