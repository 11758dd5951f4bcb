import type { Freeze } from "../../model/release";

/** Which service on which cluster. Plain values. */
export interface ServiceAddress {
  /** kubeconfig as text; empty: KUBECONFIG or ~/.kube/config of whoever runs pulumi. A secret. */
  kubeconfig: string;
  /** Context in it; empty: the current one. */
  context: string;
  namespace: string;
  /** Name of the Rollout. */
  name: string;
  /** Class of the component, for messages: "KubernetesService". */
  component: string;
}

/** What a release is told. */
export interface ReleaseInputs extends ServiceAddress {
  /** The image that the Rollout names: "repository@sha256:…". */
  image: string;
  /** Canonical JSON of the pod template, or a hash of it: when it differs there is something to release. */
  templateHashSource: string;
  /** Nonce that allows a version that was taken back to be tried again. */
  retry: number;
  /** Longest time that is waited for the end; the release goes on without. */
  waitSeconds: number;
  /** Name of the HTTPRoute by which requests come; empty: they come by none. */
  httpRoute: string;
  /** Earlier versions that the Rollout keeps, with their configurations. */
  retainConfigRevisions: number;
}

/** What a release leaves in the state beside its inputs. */
export interface Released {
  /** "sha256:…" of the version that has the traffic. */
  digest: string;
  /** Its number, as Argo Rollouts counts. */
  revision: number;
  /** Its hash, by which Argo Rollouts tells pods of versions apart. */
  podTemplateHash: string;
}

/** What is asked before a Rollout gets a new version. */
export interface TurnInputs extends ServiceAddress {
  image: string;
  templateHashSource: string;
  /** Canonical JSON of the Rollout's strategy: other steps have Argo try again what was taken back. */
  strategy: string;
  retry: number;
  /** Longest wait for another release. */
  waitSeconds: number;
  /** What happens while another release of the service is under way: "wait" for its end, or "stop". */
  onBusy: "wait" | "stop";
  /** Times in which nothing new begins. */
  freeze: Freeze;
  /** Why this release cannot wait; empty: it is an ordinary one. */
  emergency: string;
  /** What runs the pods. */
  workload: { apiVersion: string; kind: string };
  /** The fixed number of copies; undefined: an autoscaler counts them, or every machine has one. */
  copies: number | undefined;
}
