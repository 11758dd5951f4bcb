import type * as pulumi from "@pulumi/pulumi";
import { DelegateResource } from "../../delegate/delegate";
import type { ReleaseInputs } from "./inputs";

/** The inputs of a Release, each of which may still have to become known. */
type ReleaseArguments = { [Field in keyof ReleaseInputs]: pulumi.Input<ReleaseInputs[Field]> };

/**
 * Declares which version of a service should have all traffic; see deploy.ts for how it gets there. The versions'
 * containers belong to it as pods belong to a Rollout: they are no resources of their own.
 */
export class DockerRelease extends DelegateResource {
  /** Digest of the version that has the traffic. */
  declare readonly digest: pulumi.Output<string>;
  /** Number of that version on its host. */
  declare readonly revision: pulumi.Output<number>;

  constructor(name: string, inputs: ReleaseArguments, opts: pulumi.CustomResourceOptions) {
    super(
      "Release",
      name,
      { ...inputs, digest: undefined, revision: undefined },
      { ...opts, additionalSecretOutputs: ["secrets"] },
    );
  }
}
