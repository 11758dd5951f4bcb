import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** What a machine itself knows of a cluster. */
export interface Ambient {
  /** Texts of the kubeconfig files that are there, in the order in which they count. */
  kubeconfigs: string[];
  /** Where they were looked for. */
  paths: string[];
  /** Whether this runs in a pod with an account of its own. */
  inCluster: boolean;
}

/** Looks where kubectl and the plugin look: the files of KUBECONFIG, else ~/.kube/config, else a pod's account. */
export function ambientCluster(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): Ambient {
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const paths = listed.length > 0 ? listed : [join(home, ".kube", "config")];
  return {
    kubeconfigs: paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8")),
    paths,
    inCluster: env["KUBERNETES_SERVICE_HOST"] !== undefined,
  };
}
