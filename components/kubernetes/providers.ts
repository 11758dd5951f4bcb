import { preflightProvider } from "./cluster/preflight";
import { releaseProvider } from "./release/provider";
import { turnProvider } from "./release/turn";

/** The providers of this room's kinds of custom resources; see components/delegate. */
export const providers = {
  KubernetesRelease: releaseProvider,
  KubernetesTurn: turnProvider,
  KubernetesPreflight: preflightProvider,
};
