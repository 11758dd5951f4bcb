/** A CustomResourceDefinition that must be there, and what to do when it is not. */
export interface NeededCrd {
  /** Its name: "rollouts.argoproj.io". */
  crd: string;
  fix: string;
}

/** What is asked of a cluster before anything is made on it. */
export interface PreflightInputs {
  /** Class and name of the component, for messages. */
  component: string;
  name: string;
  /** Empty: that of the machine. */
  kubeconfig: string;
  /** Empty: the current one. */
  context: string;
  neededCrds: NeededCrd[];
}

export type PreflightOutputs = PreflightInputs & { version: string };
