import { join } from "node:path";
import { API_PORT, CLUSTER_DOMAIN, type ClusterFiles, type ClusterIdentity, POD_RANGE, SERVICE_RANGE } from "./layout";

/** The programs of a cluster; `containerd` is the machine's, the others were built. */
export type ComponentName =
  | "containerd"
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubelet"
  | "kube-proxy"
  | "network-policies";

const etcdUrl = "http://127.0.0.1:2379";

/** The command line of each program. */
export function componentArguments(identity: ClusterIdentity, files: ClusterFiles): Record<ComponentName, string[]> {
  const certificate = (file: string): string => join(files.certificates, file);
  const user = (name: string): string => files.config(`${name}.kubeconfig`);
  /** A client of the API server that asks it, too, who its own callers are. */
  const controller = (name: string): string[] => [
    `--kubeconfig=${user(name)}`,
    `--authentication-kubeconfig=${user(name)}`,
    `--authorization-kubeconfig=${user(name)}`,
    "--leader-elect=false",
  ];
  return {
    containerd: [`--config=${files.config("containerd.toml")}`, "--log-level=warn"],
    etcd: [
      "--name=headgate",
      "--data-dir=/var/lib/etcd",
      "--unsafe-no-fsync",
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      "--listen-peer-urls=http://127.0.0.1:2380",
      "--log-level=warn",
    ],
    "kube-apiserver": [
      `--etcd-servers=${etcdUrl}`,
      `--advertise-address=${identity.nodeAddress}`,
      `--secure-port=${API_PORT}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      "--allow-privileged=true",
      `--client-ca-file=${certificate("ca.crt")}`,
      `--tls-cert-file=${certificate("kube-apiserver.crt")}`,
      `--tls-private-key-file=${certificate("kube-apiserver.key")}`,
      `--kubelet-client-certificate=${certificate("admin.crt")}`,
      `--kubelet-client-key=${certificate("admin.key")}`,
      `--kubelet-certificate-authority=${certificate("ca.crt")}`,
      // Else exec and logs look the node's name up in DNS.
      "--kubelet-preferred-address-types=InternalIP",
      `--service-account-issuer=https://kubernetes.default.svc.${CLUSTER_DOMAIN}`,
      `--service-account-key-file=${certificate("service-account.key")}`,
      `--service-account-signing-key-file=${certificate("service-account.key")}`,
    ],
    "kube-controller-manager": [
      ...controller("kube-controller-manager"),
      "--allocate-node-cidrs",
      `--cluster-cidr=${POD_RANGE}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      `--root-ca-file=${certificate("ca.crt")}`,
      `--cluster-signing-cert-file=${certificate("ca.crt")}`,
      `--cluster-signing-key-file=${certificate("ca.key")}`,
      `--service-account-private-key-file=${certificate("service-account.key")}`,
      "--use-service-account-credentials",
    ],
    "kube-scheduler": controller("kube-scheduler"),
    kubelet: [
      `--config=${files.config("kubelet.yaml")}`,
      `--kubeconfig=${user("kubelet")}`,
      `--hostname-override=${identity.node}`,
      `--node-ip=${identity.nodeAddress}`,
    ],
    "kube-proxy": [`--config=${files.config("kube-proxy.yaml")}`],
    "network-policies": [`--kubeconfig=${user("admin")}`, `--pod-range=${POD_RANGE}`],
  };
}
