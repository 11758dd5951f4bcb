import { join } from "node:path";
import { Engine } from "../../testkit";
import {
  PLATFORM_NAMESPACE,
  PLATFORM_PROGRAM,
  platformSettings,
  SCRAPE_INTERVAL,
} from "../../toolchain/kubernetes/platform";
import { surveyPlatform } from "../../toolchain/kubernetes/survey";
import { checkout } from "../../toolchain/paths";

/** Where the controller's image has its plugin for the Gateway API. */
export const PLUGIN_IN_IMAGE = "/plugins/gateway-api";

/** The platform as the tests of services find it. */
export interface TestPlatform {
  /** Port of the router on every node. */
  routerPort: number;
  /** Prometheus as pods reach it. */
  prometheus: string;
  scrapeInterval: string;
  release(): Promise<void>;
}

/** Delivers a KubernetesPlatform, once for all files, by the program that `make cluster` runs. */
export async function deliverPlatform(
  kubeconfigFile: string,
  images: Record<"argo" | "traefik" | "prometheus", string>,
  customResources: Record<"argo" | "traefik", readonly string[]>,
): Promise<TestPlatform> {
  const settings = platformSettings(images, customResources);
  const gatewayApiPlugin = { location: `file://${PLUGIN_IN_IMAGE}` };
  const platform = {
    ...settings,
    routers: ["traefik", "gatewayApi"],
    argoRollouts: { ...settings.argoRollouts, gatewayApiPlugin },
  };
  const engine = await Engine.create({
    workDir: join(checkout, PLATFORM_PROGRAM),
    plugins: [{ name: "kubernetes" }],
    config: { platform: JSON.stringify(platform) },
    env: { KUBECONFIG: kubeconfigFile },
  });
  const release = () => engine[Symbol.asyncDispose]();
  try {
    await engine.up();
    const { prometheus } = (await engine.outputs()) as { prometheus: string };
    const { routerPort } = await surveyPlatform(kubeconfigFile, PLATFORM_NAMESPACE);
    if (routerPort === undefined) throw new Error(`the platform's router has no port "web" on the nodes`);
    return { routerPort, prometheus, scrapeInterval: SCRAPE_INTERVAL, release };
  } catch (error) {
    await release();
    throw error;
  }
}
