import type * as pulumi from "@pulumi/pulumi";
import { DelegateResource } from "../../delegate/delegate";
import type { ClusterFields } from "./handle";
import type { PreflightInputs } from "./preflight-inputs";

/** First of a component's children on a cluster; see preflight.ts. */
export class KubernetesPreflight extends DelegateResource {
  /** Version of the API server: "v1.34.4". */
  declare readonly version: pulumi.Output<string>;

  constructor(
    name: string,
    inputs: Omit<PreflightInputs, "kubeconfig" | "context"> & Pick<ClusterFields, "kubeconfig" | "context">,
    opts: pulumi.CustomResourceOptions,
  ) {
    super("KubernetesPreflight", name, { ...inputs, version: undefined }, opts);
  }
}
