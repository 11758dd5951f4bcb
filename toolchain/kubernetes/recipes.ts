/** Programs built out of one wrapper module under `toolchain/go`, with the linker flags that stamp their version. */
export interface GoRecipe {
  /** The piece's name and its folder in `toolchain/go`, or in the folder of the module that it shares. */
  readonly folder: string;
  /** The folder of the module that it shares with others. Defaults to its own. */
  readonly within?: string;
  /** The module whose version in go.mod is the version of the recipe; `undefined` for a program of our own. */
  readonly module: string | undefined;
  /** Go packages by the names of the programs they become. */
  readonly programs: Readonly<Record<string, string>>;
  /** Linker variables that hold the version as a number, without the v before it. */
  readonly stamps: readonly string[];
  /** Build tags, joined by commas. */
  readonly tags?: string;
  /** What is left out of the programs. */
  readonly without?: LeftOut;
  /** Seconds of a build with an empty Go cache on two cores, after those above it, whose packages it shares. */
  readonly buildSeconds: number;
  /** What makes the build needless. Defaults to a cluster of the user's own. */
  readonly instead?: string;
}

/** A package of another module, with all below it, in whose place a file of the recipe's folder is compiled. */
export interface LeftOut {
  readonly module: string;
  readonly folder: string;
  readonly instead: string;
}

const kubernetesVersion = (version: string): Record<string, string> => {
  const [, major = "", minor = ""] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
};

/**
 * Everything of a cluster is one Go module, so that the libraries that they share, client-go before all, have one version
 * and are compiled once. That halves a build with an empty cache.
 */
const CLUSTER_MODULE = "cluster";

/** The server side of a cluster, and kubectl. */
export const kubernetesRecipe: GoRecipe = {
  folder: "kubernetes",
  within: CLUSTER_MODULE,
  module: "k8s.io/kubernetes",
  programs: {
    etcd: "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    kubelet: "k8s.io/kubernetes/cmd/kubelet",
    "kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
    kubectl: "k8s.io/kubernetes/cmd/kubectl",
  },
  stamps: [],
  buildSeconds: 340,
};

/** What makes the network of a cluster obey NetworkPolicies; the bridge alone lets everything through. */
export const networkPoliciesRecipe: GoRecipe = {
  folder: "network-policies",
  within: CLUSTER_MODULE,
  module: undefined,
  programs: { "network-policies": "./network-policies" },
  stamps: [],
  buildSeconds: 10,
};

const WITHOUT_CLUSTER = "run only the tests without a cluster: vitest run --project fast --project real";

/** Judges manifests by schemas, in the tests. */
export const kubeconformRecipe: GoRecipe = {
  folder: "kubeconform",
  module: "github.com/yannh/kubeconform",
  programs: { kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform" },
  stamps: ["main.version"],
  buildSeconds: 20,
  instead: WITHOUT_CLUSTER,
};

/** Sets the weights of HTTPRoutes for Argo Rollouts, in the tests. */
export const gatewayPluginRecipe: GoRecipe = {
  folder: "gateway-plugin",
  within: CLUSTER_MODULE,
  module: undefined,
  programs: { "gateway-plugin": "./gateway-plugin" },
  stamps: [],
  buildSeconds: 5,
  instead: WITHOUT_CLUSTER,
};

/** Files of a module with CustomResourceDefinitions. */
export interface DefinitionFiles {
  readonly folder: string;
  readonly files: RegExp;
}

/**
 * Definitions of kinds that services use and no platform brings: with them the API server of a test judges such objects
 * too. Those of the Gateway API are all that a gateway of the tests reads.
 */
export const definitionsRecipe = {
  folder: "custom-resources",
  module: undefined,
  programs: {},
  stamps: [],
  buildSeconds: 2,
  instead: WITHOUT_CLUSTER,
  modules: {
    "sigs.k8s.io/gateway-api": { folder: "config/crd/standard", files: /^gateway\.networking\.k8s\.io_\w+\.yaml$/ },
    "istio.io/api": { folder: "kubernetes", files: /^customresourcedefinitions\.gen\.yaml$/ },
    "github.com/prometheus-operator/prometheus-operator": {
      folder: "example/prometheus-operator-crd",
      files: /_(pod|service)monitors\.yaml$/,
    },
  },
} as const satisfies GoRecipe & { readonly modules: Readonly<Record<string, DefinitionFiles>> };

/** A program that runs as a pod: one static binary in an image of its own. */
export interface ImageRecipe extends GoRecipe {
  /** The program's place in the image, which is that of the official image. */
  readonly path: string;
  /** `uid:gid`, never root, so that the pod security standard `restricted` admits it. */
  readonly user: string;
  /** Files and folders of the module with the CustomResourceDefinitions that the program needs. */
  readonly customResources?: DefinitionFiles;
}

export const clusterImageNames = ["pause", "coredns", "argo", "traefik", "prometheus"] as const;
export type ClusterImageName = (typeof clusterImageNames)[number];

export const clusterImageRecipes: Readonly<Record<ClusterImageName, ImageRecipe>> = {
  pause: {
    folder: "pause",
    module: undefined,
    programs: { pause: "." },
    stamps: [],
    buildSeconds: 3,
    path: "/pause",
    user: "65532:65532",
  },
  coredns: {
    folder: "coredns",
    within: CLUSTER_MODULE,
    module: "github.com/coredns/coredns",
    programs: { coredns: "./coredns" },
    stamps: [],
    buildSeconds: 15,
    path: "/coredns",
    user: "65532:65532",
  },
  argo: {
    folder: "argo-rollouts",
    within: CLUSTER_MODULE,
    module: "github.com/argoproj/argo-rollouts",
    programs: { "rollouts-controller": "github.com/argoproj/argo-rollouts/cmd/rollouts-controller" },
    stamps: ["github.com/argoproj/argo-rollouts/utils/version.version"],
    buildSeconds: 65,
    path: "/bin/rollouts-controller",
    user: "999:999",
    customResources: { folder: "manifests/crds", files: /-crd\.yaml$/ },
  },
  traefik: {
    folder: "traefik",
    within: CLUSTER_MODULE,
    module: "github.com/traefik/traefik/v3",
    programs: { traefik: "github.com/traefik/traefik/v3/cmd/traefik" },
    stamps: ["github.com/traefik/traefik/v3/pkg/version.Version"],
    without: { module: "github.com/go-acme/lego/v4", folder: "providers/dns", instead: "lego-dns/dns.go" },
    buildSeconds: 115,
    path: "/usr/local/bin/traefik",
    user: "65532:65532",
    customResources: {
      folder: "docs/content/reference/dynamic-configuration",
      files: /^kubernetes-crd-definition-v1\.yml$/,
    },
  },
  // Debian's has no discovery of pods.
  prometheus: {
    folder: "prometheus",
    within: CLUSTER_MODULE,
    module: "github.com/prometheus/prometheus",
    programs: { prometheus: "github.com/prometheus/prometheus/cmd/prometheus" },
    stamps: [],
    tags: "remove_all_sd,enable_kubernetes_sd",
    buildSeconds: 75,
    path: "/bin/prometheus",
    user: "65534:65534",
  },
};

/** What `go build -ldflags` gets: no symbols, and the version where the program looks for it. */
export function linkerFlags(recipe: GoRecipe, version: string): string {
  const stamps = recipe.stamps.map((name) => [name, version.replace(/^v/, "")]);
  // Kubernetes' own programs and its client library each have a version of this form.
  if (recipe.module === kubernetesRecipe.module) {
    for (const library of ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]) {
      for (const [name, value] of Object.entries(kubernetesVersion(version)))
        stamps.push([`${library}.${name}`, value]);
    }
  }
  return ["-s", "-w", ...stamps.map(([name, value]) => `-X ${name}=${value}`)].join(" ");
}
