import type * as pulumi from "@pulumi/pulumi";
import { DelegateResource } from "../../delegate/delegate";
import type { TurnInputs } from "./inputs";

type TurnArguments = { [Field in keyof TurnInputs]: pulumi.Input<TurnInputs[Field]> };

/**
 * Asks, before a Rollout gets a new version, whether it may begin: not in a time in which nothing is released, and not
 * while another release of the service is under way; see turn.ts. The Rollout depends on it.
 */
export class KubernetesTurn extends DelegateResource {
  constructor(name: string, inputs: TurnArguments, opts: pulumi.CustomResourceOptions) {
    super("KubernetesTurn", name, { ...inputs }, { ...opts, additionalSecretOutputs: ["kubeconfig"] });
  }
}
