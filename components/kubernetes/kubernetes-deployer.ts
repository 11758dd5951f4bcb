import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../model/errors";
import { createChildren } from "./children";
import { ambientCluster } from "./cluster/ambient";
import { clusterOf, isStrange, providerFor, readyOf } from "./cluster/handle";
import { sealed } from "./cluster/seal";
import type { KubernetesDeployerArgs } from "./deployer/args";
import { accountKubeconfig, serverOf } from "./deployer/kubeconfig";
import { deployerObjects, TOKEN_ROLE } from "./deployer/objects";
import { type DeployerPlan, planDeployer } from "./deployer/plan";

/**
 * An account that may deliver services to some namespaces and do nothing else: with the rights of `pulumi up` of
 * KubernetesService and KubernetesJob there. Throws ArgumentError when an argument is wrong.
 */
export class KubernetesDeployer extends pulumi.ComponentResource {
  /** Name of the ServiceAccount. */
  public readonly account: pulumi.Output<string>;
  /** A kubeconfig with its token, a secret; empty without `token`. */
  public readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: KubernetesDeployerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = planDeployer(name, args);
    super("headgate:index:KubernetesDeployer", name, sealed(args), opts);
    if (plan.token && args.server === undefined && isStrange(this, args.cluster)) {
      const problem = "is missing: the provider that was handed over does not tell it";
      const fix = 'Write server: "https://cluster.example.com:6443"';
      refuse("KubernetesDeployer", name, [{ path: "server", problem, fix }], this);
    }
    const provider = providerFor(this, name, args.cluster);
    const options = {
      parent: this,
      dependsOn: readyOf(args.cluster),
      additionalSecretOutputs: ["data"],
      ...(provider !== undefined && { provider }),
    };
    const made = createChildren(name, deployerObjects(plan), options);
    this.account = (made["account"] as k8s.core.v1.ServiceAccount).metadata.name;
    const token = made[TOKEN_ROLE] as k8s.core.v1.Secret | undefined;
    this.kubeconfig = pulumi.secret(token === undefined ? "" : kubeconfigOf(plan, args, token));
    this.registerOutputs({ account: this.account, kubeconfig: this.kubeconfig });
  }
}

function kubeconfigOf(
  plan: DeployerPlan,
  args: KubernetesDeployerArgs,
  secret: k8s.core.v1.Secret,
): pulumi.Output<string> {
  const { kubeconfig, context } = clusterOf(args.cluster);
  return pulumi.all([secret.data, kubeconfig, context, args.server ?? ""]).apply(([data, text, chosen, given]) => {
    const known = text === "" ? (ambientCluster().kubeconfigs[0] ?? "") : text;
    const server = given === "" ? serverOf(known, chosen) : given;
    const token = Buffer.from(data?.["token"] ?? "", "base64").toString();
    if (server === "" || token === "") {
      const what = server === "" ? "server is missing, and no kubeconfig tells it" : "token has not been made yet";
      const fix = server === "" ? "Set server" : "Run pulumi up again";
      throw new Error(`KubernetesDeployer "${plan.name}": ${what}. ${fix}.`);
    }
    const authority = data?.["ca.crt"] ?? "";
    return accountKubeconfig({ name: plan.name, namespace: plan.namespaces[0] ?? "", server, authority, token });
  });
}
