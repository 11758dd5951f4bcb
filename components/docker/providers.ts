import { preflightProvider } from "./host/preflight";
import { readinessProvider } from "./host/readiness";
import { releaseProvider } from "./release/provider";

/** The providers of this room's kinds of custom resources; see components/delegate. */
export const providers = {
  Release: releaseProvider,
  HostPreflight: preflightProvider,
  HostReadiness: readinessProvider,
};
