import { join } from "node:path";
import {
  CLUSTER_DOMAIN,
  type ClusterFiles,
  type ClusterIdentity,
  CONTAINERD_SOCKET,
  DNS_SERVICE,
  NODE_POD_RANGE,
  POD_RANGE,
} from "./layout";

/** Configuration files of the node's programs, by file name. JSON is YAML, which they read. */
export function configurationFiles(
  identity: ClusterIdentity,
  files: ClusterFiles,
  pauseImage: string,
  networkPlugins: string,
): Record<string, string> {
  return {
    "containerd.toml": containerd(files, pauseImage, networkPlugins),
    "networks/10-headgate.conflist": json(network()),
    "kubelet.yaml": json(kubelet(identity, files)),
    "kube-proxy.yaml": json(proxy(identity, files)),
    // Pods that ask for the node's own name servers get one that nobody serves: a cluster has no way out.
    "resolv.conf": `nameserver ${identity.hostAddress}\n`,
  };
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

function containerd(files: ClusterFiles, pauseImage: string, networkPlugins: string): string {
  const cri = `plugins."io.containerd.grpc.v1.cri"`;
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
address = "${CONTAINERD_SOCKET}"
[${cri}]
sandbox_image = "${pauseImage}"
# Some kernels refuse to make a process less likely to be killed, and then no pod starts.
restrict_oom_score_adj = true
[${cri}.containerd]
snapshotter = "overlayfs"
[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[${cri}.cni]
bin_dir = ${JSON.stringify(networkPlugins)}
conf_dir = ${JSON.stringify(files.networks)}
`;
}

function network(): object {
  return {
    cniVersion: "0.4.0",
    name: "headgate",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: NODE_POD_RANGE }]], routes: [{ dst: "0.0.0.0/0" }] },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

function kubelet({ controlGroup }: ClusterIdentity, files: ClusterFiles): object {
  const scarce = { "nodefs.available": "1%", "nodefs.inodesFree": "1%", "imagefs.available": "1%" };
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(files.certificates, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(files.certificates, "kubelet.crt"),
    tlsPrivateKeyFile: join(files.certificates, "kubelet.key"),
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${controlGroup}`,
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    clusterDNS: [DNS_SERVICE],
    clusterDomain: CLUSTER_DOMAIN,
    resolvConf: files.config("resolv.conf"),
    failSwapOn: false,
    evictionHard: { "memory.available": "50Mi", ...scarce },
    // Images are loaded and cannot be pulled again.
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
  };
}

function proxy({ node }: ClusterIdentity, files: ClusterFiles): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: POD_RANGE,
    hostnameOverride: node,
    clientConnection: { kubeconfig: files.config("kube-proxy.kubeconfig") },
    // These limits belong to the whole machine: left as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}
