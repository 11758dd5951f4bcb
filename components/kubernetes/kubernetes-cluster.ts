import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../model/errors";
import { ambientCluster } from "./cluster/ambient";
import type { KubernetesClusterArgs } from "./cluster/args";
import { type ClusterHandle, newProvider, rememberOrigin } from "./cluster/handle";
import { kubeconfigProblems } from "./cluster/kubeconfig";
import { planCluster } from "./cluster/plan";
import { KubernetesPreflight } from "./cluster/preflight-resource";

/**
 * A cluster that exists: everything on it goes through one provider that applies on the server's side.
 * Throws ArgumentError when an argument is wrong, when no kubeconfig is found and when the context is not in it; a
 * preview fails when the API server cannot be reached.
 */
export class KubernetesCluster extends pulumi.ComponentResource {
  /** What a KubernetesService and a KubernetesPlatform need to know of this cluster. Its kubeconfig is a secret. */
  public readonly handle: pulumi.Output<ClusterHandle>;
  /** Version of its API server: "v1.34.4". */
  public readonly version: pulumi.Output<string>;

  constructor(name: string, args: KubernetesClusterArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = planCluster(name, args, ambientCluster);
    const given = pulumi.secret(args.kubeconfig ?? "");
    super("headgate:index:KubernetesCluster", name, { ...args, kubeconfig: given }, opts);
    const context = pulumi.output(args.context ?? "");
    const kubeconfig = pulumi.secret(
      pulumi.all([given, context]).apply(([text, chosen]) => {
        if (text !== "") refuse("KubernetesCluster", name, kubeconfigProblems([text], chosen), this);
        return text;
      }),
    );

    const asked = { component: "KubernetesCluster", name, kubeconfig, context, neededCrds: [] };
    const preflight = new KubernetesPreflight(`${name}-preflight`, asked, { parent: this });
    const provider = newProvider(`${name}-provider`, { kubeconfig, context }, { parent: this, dependsOn: preflight });
    const handle = { kubeconfig, context, prometheus: args.prometheus ?? "", scrapeSeconds: plan.scrapeSeconds };
    this.handle = pulumi.output(handle);
    // One error is enough when it does not answer.
    rememberOrigin(this.handle, provider, [preflight]);
    this.version = preflight.version;
    // Field by field, so that only the kubeconfig is recorded as a secret.
    this.registerOutputs({ handle, version: this.version });
  }
}
