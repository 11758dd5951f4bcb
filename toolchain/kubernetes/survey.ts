import type { V1Pod, V1Service } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../testkit/providers/kubernetes/object";
import { podProblems } from "../../testkit/providers/kubernetes/readiness/pods";

/** What a cluster needs before services are released on it, by the label app.kubernetes.io/name of its pods. */
export const platformPieces = ["argo-rollouts", "traefik", "prometheus"] as const;
export type PlatformPieceName = (typeof platformPieces)[number];

/** One of them in one namespace. */
export interface PlatformPiece {
  readonly name: PlatformPieceName;
  readonly namespace: string;
  /** The tag of its image without what follows the version: "v3.6.7"; empty where the image has none. */
  readonly version: string;
  readonly pods: number;
  readonly readyPods: number;
  /** What keeps pods from being ready. */
  readonly problems: readonly string[];
}

/** What of a platform is in a cluster. */
export interface PlatformSurvey {
  readonly pieces: readonly PlatformPiece[];
  /** Port of Traefik for plain HTTP on every node. */
  readonly routerPort?: number;
  /** Host name or address of Traefik's load balancer. */
  readonly routerHost?: string;
  /** Address of Prometheus as pods reach it. */
  readonly prometheus?: string;
}

/** Looks for a platform in a cluster, in all namespaces or in one. Throws where that is not allowed. */
export async function surveyPlatform(kubeconfig: string, namespace?: string): Promise<PlatformSurvey> {
  const { CoreV1Api, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const labelSelector = `${NAME} in (${platformPieces.join(",")})`;
  const [pods, services] =
    namespace === undefined
      ? await Promise.all([
          api.listPodForAllNamespaces({ labelSelector }),
          api.listServiceForAllNamespaces({ labelSelector }),
        ])
      : await Promise.all([
          api.listNamespacedPod({ namespace, labelSelector }),
          api.listNamespacedService({ namespace, labelSelector }),
        ]);
  return surveyOf(pods.items, services.items);
}

const NAME = "app.kubernetes.io/name";
const PROMETHEUS_PORT = 9090;

export function surveyOf(pods: readonly V1Pod[], services: readonly V1Service[]): PlatformSurvey {
  const living = pods.filter(
    ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase !== "Succeeded",
  );
  const pieces = platformPieces.flatMap((name) => {
    const own = living.filter(({ metadata }) => metadata?.labels?.[NAME] === name);
    const namespaces = [...new Set(own.map(({ metadata }) => metadata?.namespace ?? ""))].sort();
    return namespaces.map((namespace) =>
      pieceOf(
        name,
        namespace,
        own.filter(({ metadata }) => metadata?.namespace === namespace),
      ),
    );
  });
  const serviceOf = (name: PlatformPieceName) => services.filter(({ metadata }) => metadata?.labels?.[NAME] === name);
  const routers = serviceOf("traefik");
  const ports = routers.flatMap(({ spec }) => spec?.ports ?? []);
  const routerPort = ports.find(({ name, nodePort }) => name === "web" && nodePort !== undefined)?.nodePort;
  const [entry] = routers.flatMap(({ status }) => status?.loadBalancer?.ingress ?? []);
  const routerHost = entry?.hostname ?? entry?.ip;
  const asked = serviceOf("prometheus").find(({ spec }) => spec?.ports?.some(({ port }) => port === PROMETHEUS_PORT));
  const { name, namespace } = asked?.metadata ?? {};
  return {
    pieces,
    ...(routerPort !== undefined && { routerPort }),
    ...(routerHost !== undefined && { routerHost }),
    ...(asked && { prometheus: `http://${name}.${namespace}.svc:${PROMETHEUS_PORT}` }),
  };
}

function pieceOf(name: PlatformPieceName, namespace: string, pods: readonly V1Pod[]): PlatformPiece {
  const isReady = ({ status }: V1Pod) =>
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  const image = pods.flatMap(({ spec }) => spec?.containers ?? [])[0]?.image ?? "";
  // The client's are the API's own objects but for their dates.
  const problems = pods
    .filter((pod) => !isReady(pod))
    .flatMap((pod) => podProblems(pod as unknown as KubernetesObject));
  return {
    name,
    namespace,
    version: imageVersion(image),
    pods: pods.length,
    readyPods: pods.filter(isReady).length,
    problems: [...new Set(problems)],
  };
}

/** "v3.6.7" of "docker.io/library/traefik:v3.6.7@sha256:…" and of "headgate/traefik:v3.6.7-0123456789ab". */
export function imageVersion(image: string): string {
  const version = /:(v?\d+(?:\.\d+)*)[^/]*$/.exec(image.replace(/@.*$/, ""))?.[1] ?? "";
  // As a Go module, Prometheus 3.13.0 is v0.313.0.
  return version.replace(/^v0\.(\d)0?(\d+)\.(\d+)$/, "v$1.$2.$3");
}

/** Names of the pieces that are not there, or without a pod that is ready. */
export function missingPieces({ pieces }: PlatformSurvey): PlatformPieceName[] {
  return platformPieces.filter((name) => !pieces.some((piece) => piece.name === name && piece.readyPods > 0));
}

/** How a piece is, in one line. */
export function pieceState({ pods, readyPods, problems }: PlatformPiece): string {
  return [`${readyPods} of ${pods} pods ready`, ...problems].join("; ");
}
