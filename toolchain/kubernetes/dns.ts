import { CLUSTER_DOMAIN, DNS_SERVICE } from "./layout";

const metadata = { name: "coredns", namespace: "kube-system" };
const role = "system:coredns";
const labels = { "k8s-app": "kube-dns" };

const PORT = 5353;

/** Answers for the cluster's own names. Others do not exist: a cluster has no way out. */
const COREFILE = `.:${PORT} {
    errors
    health :8080
    ready :8181
    template ANY ANY {
        rcode NXDOMAIN
    }
}
${[CLUSTER_DOMAIN, "in-addr.arpa", "ip6.arpa"].map((zone) => `${zone}:${PORT}`).join(" ")} {
    errors
    kubernetes ${CLUSTER_DOMAIN} in-addr.arpa ip6.arpa {
        pods insecure
        ttl 5
    }
    cache 5
    loadbalance
}
`;

/** The objects that make CoreDNS the cluster's name server. */
export function dnsObjects(image: string): object {
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "v1", kind: "ServiceAccount", metadata },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: role },
        rules: [
          { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
          { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
        ],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: role },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [{ kind: "ServiceAccount", ...metadata }],
      },
      { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: COREFILE } },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { ...metadata, labels },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec(image) } },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "kube-dns", namespace: metadata.namespace, labels },
        spec: {
          clusterIP: DNS_SERVICE,
          selector: labels,
          ports: ["UDP", "TCP"].map((protocol) => ({
            name: `dns-${protocol.toLowerCase()}`,
            protocol,
            port: 53,
            targetPort: PORT,
          })),
        },
      },
    ],
  };
}

function podSpec(image: string): object {
  return {
    serviceAccountName: metadata.name,
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "coredns",
        image,
        args: ["-conf", "/etc/coredns/Corefile"],
        readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
        volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
    volumes: [{ name: "config", configMap: { name: metadata.name } }],
  };
}
