import type * as pulumi from "@pulumi/pulumi";
import { DelegateResource } from "../../delegate/delegate";
import type { ReleaseInputs } from "./inputs";

/** The inputs of a release, each of which may still have to become known. */
type ReleaseArguments = { [Field in keyof ReleaseInputs]: pulumi.Input<ReleaseInputs[Field]> };

/**
 * Follows a Rollout to the end of its release, so that `pulumi up` succeeds if and only if the new version took all
 * traffic; see deploy.ts. Depends on the Rollout, on its Services and on its templates.
 */
export class KubernetesRelease extends DelegateResource {
  /** Digest of the version that has the traffic. */
  declare readonly digest: pulumi.Output<string>;
  /** Number of that version, as Argo Rollouts counts. */
  declare readonly revision: pulumi.Output<number>;
  /** Hash of its pod template. */
  declare readonly podTemplateHash: pulumi.Output<string>;

  constructor(name: string, inputs: ReleaseArguments, opts: pulumi.CustomResourceOptions) {
    super(
      "KubernetesRelease",
      name,
      { ...inputs, digest: undefined, revision: undefined, podTemplateHash: undefined },
      { ...opts, additionalSecretOutputs: ["kubeconfig"] },
    );
  }
}
