import { parse } from "yaml";

/** What of another kubeconfig tells where its API server is. */
interface Kubeconfig {
  clusters?: { name?: string; cluster?: { server?: string } }[];
  contexts?: { name?: string; context?: { cluster?: string } }[];
  "current-context"?: string;
}

/** Address of the API server of a context; empty: it cannot be told. */
export function serverOf(kubeconfig: string, context: string): string {
  if (kubeconfig === "") return "";
  const { clusters = [], contexts = [], ...rest } = (parse(kubeconfig) ?? {}) as Kubeconfig;
  const wanted = context === "" ? rest["current-context"] : context;
  const cluster = contexts.find(({ name }) => name === wanted)?.context?.cluster;
  return clusters.find(({ name }) => name === cluster)?.cluster?.server ?? "";
}

/** A kubeconfig for an account by its token. */
export function accountKubeconfig(account: {
  name: string;
  namespace: string;
  server: string;
  /** Certificates in PEM, in base64. */
  authority: string;
  token: string;
}): string {
  const { name, namespace, server, authority, token } = account;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    "current-context": name,
  });
}
