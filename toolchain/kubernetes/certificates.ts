import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustExec } from "../exec";
import { API_SERVICE, CLUSTER_DOMAIN, type ClusterIdentity } from "./layout";

/** One certificate that the cluster's authority signs. */
export interface CertificateRequest {
  /** File name without extension, and the name of the user in a kubeconfig. */
  readonly name: string;
  /** Distinguished name, as openssl's `-subj` takes it. */
  readonly subject: string;
  readonly alternativeNames: readonly string[];
  readonly usages: readonly ("clientAuth" | "serverAuth")[];
}

/** The users that Kubernetes' built-in roles name, and the two servers. */
export function certificateRequests({ node, nodeAddress }: ClusterIdentity): CertificateRequest[] {
  const client = (name: string, subject: string): CertificateRequest => ({
    name,
    subject,
    alternativeNames: [],
    usages: ["clientAuth"],
  });
  const service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];
  return [
    client("admin", "/O=system:masters/CN=admin"),
    client("kube-controller-manager", "/CN=system:kube-controller-manager"),
    client("kube-scheduler", "/CN=system:kube-scheduler"),
    client("kube-proxy", "/CN=system:kube-proxy"),
    {
      name: "kubelet",
      subject: `/O=system:nodes/CN=system:node:${node}`,
      alternativeNames: [`DNS:${node}`, `IP:${nodeAddress}`],
      usages: ["clientAuth", "serverAuth"],
    },
    {
      name: "kube-apiserver",
      subject: "/CN=kube-apiserver",
      alternativeNames: [
        ...[...service, `kubernetes.default.svc.${CLUSTER_DOMAIN}`, "localhost"].map((name) => `DNS:${name}`),
        ...["127.0.0.1", API_SERVICE, nodeAddress].map((address) => `IP:${address}`),
      ],
      usages: ["serverAuth"],
    },
  ];
}

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const DAYS = ["-days", "365"];

/** The arguments of `openssl` that make a key and a certificate in one go. */
export function signArguments(request: CertificateRequest, dir: string): string[] {
  const extensions = [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    `extendedKeyUsage=${request.usages.join(",")}`,
    ...(request.alternativeNames.length > 0 ? [`subjectAltName=${request.alternativeNames.join(",")}`] : []),
  ];
  return [
    ...["req", "-x509", ...KEY, ...DAYS, "-subj", request.subject],
    ...["-CA", join(dir, "ca.crt"), "-CAkey", join(dir, "ca.key")],
    ...["-keyout", join(dir, `${request.name}.key`), "-out", join(dir, `${request.name}.crt`)],
    ...extensions.flatMap((extension) => ["-addext", extension]),
  ];
}

/** Makes the authority, every certificate, and the key that signs the tokens of service accounts. */
export async function makeCertificates(identity: ClusterIdentity, openssl: string, dir: string): Promise<void> {
  const config = join(dir, "openssl.cnf");
  await writeFile(config, "[req]\ndistinguished_name=dn\n[dn]\n");
  const env = { OPENSSL_CONF: config };
  const authority = [
    ...["req", "-x509", ...KEY, ...DAYS, "-subj", "/CN=headgate"],
    ...["-keyout", join(dir, "ca.key"), "-out", join(dir, "ca.crt")],
    ...["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  ];
  await mustExec(openssl, authority, { env });
  await Promise.all([
    ...certificateRequests(identity).map((request) => mustExec(openssl, signArguments(request, dir), { env })),
    mustExec(openssl, ["genrsa", "-out", join(dir, "service-account.key"), "2048"], { env }),
  ]);
}

/** The text of a kubeconfig for the user of one certificate. */
export async function kubeconfigFor(name: string, server: string, dir: string): Promise<string> {
  const base64 = async (file: string): Promise<string> => (await readFile(join(dir, file))).toString("base64");
  const authority = await base64("ca.crt");
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "headgate", cluster: { server, "certificate-authority-data": authority } }],
      users: [
        {
          name,
          user: {
            "client-certificate-data": await base64(`${name}.crt`),
            "client-key-data": await base64(`${name}.key`),
          },
        },
      ],
      contexts: [{ name: "headgate", context: { cluster: "headgate", user: name } }],
      "current-context": "headgate",
    },
    null,
    2,
  );
}
