import { preflightProvider } from "./host/preflight";
import { readinessProvider } from "./host/readiness";
import { releaseProvider } from "./release/provider";

const providers = { Release: releaseProvider, HostPreflight: preflightProvider, HostReadiness: readinessProvider };

/** The provider of a kind, as the dynamic provider process asks for it. */
export function provider(kind: keyof typeof providers): object {
  const chosen = providers[kind];
  // The process hands over inputs as they are recorded; `diff` has the resource's id in front, which none needs.
  return {
    ...chosen,
    diff: (_id: string, olds: never, news: never) => chosen.diff(olds, news),
  };
}
