import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import {
  KubernetesCluster,
  KubernetesPlatform,
  type KubernetesPlatformArgs,
  ServiceType,
} from "../../components/kubernetes";
import { Engine } from "../../testkit";

/** The platform as the tests of services find it. */
export interface TestPlatform {
  /** Port of the router on every node. */
  routerPort: number;
  /** Prometheus as pods reach it. */
  prometheus: string;
  scrapeInterval: string;
  release(): Promise<void>;
}

const SCRAPE_INTERVAL = "2s";

/** Delivers a KubernetesPlatform, once for all files, by the library itself. */
export async function deliverPlatform(
  kubeconfigFile: string,
  images: Record<"argo" | "traefik" | "prometheus", string>,
  customResources: Record<"argo" | "traefik", readonly string[]>,
): Promise<TestPlatform> {
  const kubeconfig = await readFile(kubeconfigFile, "utf8");
  const [argoCrds, traefikCrds] = [customResources.argo, customResources.traefik].map(([file = ""]) => dirname(file));
  const args: KubernetesPlatformArgs = {
    argoRollouts: { image: images.argo, ...(argoCrds && { crds: argoCrds }), keepCrds: false, replicas: 1 },
    traefik: {
      image: images.traefik,
      ...(traefikCrds && { crds: traefikCrds }),
      keepCrds: false,
      replicas: 1,
      serviceType: ServiceType.nodePort,
    },
    prometheus: { image: images.prometheus, scrapeInterval: SCRAPE_INTERVAL, retention: "2h" },
  };
  const engine = await Engine.create({
    project: "platform",
    plugins: [{ name: "kubernetes" }],
    program: async () => {
      const cluster = new KubernetesCluster("cluster", { kubeconfig });
      const platform = new KubernetesPlatform("platform", { cluster: cluster.handle, ...args });
      return { prometheus: platform.handle.apply(({ prometheus }) => prometheus), namespace: platform.namespace };
    },
  });
  const release = () => engine[Symbol.asyncDispose]();
  try {
    await engine.up();
    const { prometheus, namespace } = (await engine.outputs()) as { prometheus: string; namespace: string };
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedService({ namespace });
    const routerPort = items.flatMap(({ spec }) => spec?.ports ?? []).find(({ name }) => name === "web")?.nodePort;
    if (routerPort === undefined) throw new Error(`the platform's router has no port "web" on the nodes`);
    return { routerPort, prometheus, scrapeInterval: SCRAPE_INTERVAL, release };
  } catch (error) {
    await release();
    throw error;
  }
}
