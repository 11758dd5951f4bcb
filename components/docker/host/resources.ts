import type * as pulumi from "@pulumi/pulumi";
import { DelegateResource } from "../../delegate/delegate";
import type { PreflightInputs } from "./preflight";
import type { ReadinessInputs } from "./readiness";

/** First of a host's children; see preflight.ts. */
export class HostPreflight extends DelegateResource {
  declare readonly engineVersion: pulumi.Output<string>;
  /** Architecture of the host in Docker's words: "amd64". */
  declare readonly architecture: pulumi.Output<string>;

  constructor(name: string, inputs: PreflightInputs, opts: pulumi.CustomResourceOptions) {
    super("HostPreflight", name, { ...inputs, engineVersion: undefined, architecture: undefined }, opts);
  }
}

/** Last of a host's children; see readiness.ts. */
export class HostReadiness extends DelegateResource {
  constructor(
    name: string,
    inputs: Omit<ReadinessInputs, "containers"> & { containers: Record<string, pulumi.Input<string>> },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("HostReadiness", name, inputs, opts);
  }
}
