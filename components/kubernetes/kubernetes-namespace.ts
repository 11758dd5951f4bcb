import * as pulumi from "@pulumi/pulumi";
import { createChildren } from "./children";
import { providerFor, readyOf } from "./cluster/handle";
import { sealed } from "./cluster/seal";
import type { KubernetesNamespaceArgs } from "./namespace/args";
import { namespaceObjects } from "./namespace/objects";
import { planNamespace } from "./namespace/plan";

/**
 * A namespace whose pods are held to the Pod Security Standard "restricted", connect to nothing that no policy allows,
 * and have limits. Deleting it deletes everything in it. Throws ArgumentError when an argument is wrong.
 */
export class KubernetesNamespace extends pulumi.ComponentResource {
  /** Name in the cluster, once everything that holds in it is there. */
  public readonly name: pulumi.Output<string>;

  constructor(name: string, args: KubernetesNamespaceArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = planNamespace(name, args);
    super("headgate:index:KubernetesNamespace", name, sealed(args), opts);
    const provider = providerFor(this, name, args.cluster);
    const options = { parent: this, dependsOn: readyOf(args.cluster), ...(provider && { provider }) };
    const made = createChildren(name, namespaceObjects(plan), options);
    this.name = pulumi.all(Object.values(made).map(({ urn }) => urn)).apply(() => plan.name);
    this.registerOutputs({ name: this.name });
  }
}
