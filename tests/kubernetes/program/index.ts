import * as pulumi from "@pulumi/pulumi";
import {
  KubernetesCluster,
  KubernetesNamespace,
  type KubernetesNamespaceArgs,
  KubernetesService,
  type KubernetesServiceArgs,
} from "../../../components/kubernetes";

/** What the test says of each service, as JSON; secrets come by themselves. */
type Said = Omit<KubernetesServiceArgs, "cluster" | "namespace" | "secrets">;

const config = new pulumi.Config();
const cluster = new KubernetesCluster("cluster", {
  kubeconfig: config.requireSecret("kubeconfig"),
  prometheus: config.require("prometheus"),
  scrapeInterval: config.require("scrapeInterval"),
});
const namespace = new KubernetesNamespace("namespace", {
  cluster: cluster.handle,
  ...config.requireObject<KubernetesNamespaceArgs>("namespace"),
});
// Names are plain, as what shapes the objects is; each value has a setting of its own.
const names = config.getObject<string[]>("secrets") ?? [];
const secrets = Object.fromEntries(names.map((name) => [name, config.requireSecret(name)]));
const services = Object.entries(config.requireObject<Record<string, Said>>("services")).map(
  ([name, said]) =>
    [
      name,
      new KubernetesService(name, {
        cluster: cluster.handle,
        namespace: namespace.name,
        ...said,
        secrets,
      }),
    ] as const,
);

export const digests = Object.fromEntries(services.map(([name, service]) => [name, service.digest]));
