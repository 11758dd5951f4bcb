import type { Cluster } from "./ensure";
import { PLATFORM_NAMESPACE, PLATFORM_PROGRAM, SCRAPE_INTERVAL } from "./platform";
import { missingPieces, type PlatformPieceName, type PlatformSurvey, platformPieces } from "./survey";

/** What is known of a platform, as `cluster up --json` prints it. */
export interface FoundPlatform {
  /** Where services are reached by their host names; absent without a router, or where only its cloud knows. */
  readonly routerAddress?: string;
  /** Prometheus as pods reach it. */
  readonly prometheusAddress?: string;
  /** Versions of the pieces that are there. */
  readonly versions: Readonly<Partial<Record<PlatformPieceName, string>>>;
  /** Pieces that are not there or not ready. */
  readonly missing: readonly PlatformPieceName[];
}

export function foundPlatform(survey: PlatformSurvey, nodeAddress: string): FoundPlatform {
  const { routerHost, routerPort, prometheus } = survey;
  const port = routerPort === undefined ? undefined : `http://${nodeAddress}:${routerPort}`;
  const routerAddress = routerHost === undefined ? port : `http://${routerHost}`;
  return {
    ...(routerAddress !== undefined && { routerAddress }),
    ...(prometheus !== undefined && { prometheusAddress: prometheus }),
    versions: Object.fromEntries(survey.pieces.map(({ name, version }) => [name, version])),
    missing: missingPieces(survey),
  };
}

/** How services get into a cluster that was started here, and out of it. */
export function wayIn({ routerAddress, prometheusAddress }: FoundPlatform, kubectl: string): string {
  return `
  router      ${routerAddress}   curl -H "host: shop.example.com" ${routerAddress}/
  Prometheus  ${prometheusAddress}   as releases ask it; for a browser:
              ${kubectl} -n ${PLATFORM_NAMESPACE} port-forward service/prometheus 9090

  In the program of a service:
    new KubernetesCluster("local", { prometheus: "${prometheusAddress}", scrapeInterval: "${SCRAPE_INTERVAL}" })
`;
}

const SETTINGS: Readonly<Record<PlatformPieceName, string>> = {
  "argo-rollouts": "argoRollouts.install false",
  traefik: "traefik.install false",
  prometheus: "prometheus.address http://NAME.NAMESPACE.svc:PORT",
};

/** What the owner of a cluster may do next; `found` is `undefined` where the rights to look are missing. */
export function describeUsers(
  { kubeconfig, nodeAddress }: Pick<Cluster, "kubeconfig" | "nodeAddress">,
  found: FoundPlatform | undefined,
): string {
  const head = `\n  ${kubeconfig} is used as it is: nothing was changed. NodePorts answer at ${nodeAddress}.`;
  const addresses = [
    ...(found?.routerAddress === undefined ? [] : [`  router      ${found.routerAddress}`]),
    ...(found?.prometheusAddress === undefined
      ? []
      : [`  Prometheus  ${found.prometheusAddress}   as releases ask it`]),
  ];
  const missing = found?.missing ?? platformPieces;
  if (missing.length === 0) return [head, ...addresses, "  Services can be released on it."].join("\n");
  const there = platformPieces.filter((name) => !missing.includes(name));
  return [
    head,
    ...addresses,
    `  To have ${list(missing)} installed:\n`,
    `    cd ${PLATFORM_PROGRAM}`,
    "    pulumi stack init NAME",
    ...there.map((name) => `    pulumi config set --path platform.${settingOf(name, found)}`),
    "    pulumi up",
  ].join("\n");
}

function settingOf(name: PlatformPieceName, found: FoundPlatform | undefined): string {
  const address = found?.prometheusAddress;
  return name === "prometheus" && address !== undefined ? `prometheus.address ${address}` : SETTINGS[name];
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
