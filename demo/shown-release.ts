import type { ReleaseState } from "../components/docker/guard/protocol";

/** A release as the demo shows it: what the guard recorded, and the name its version goes by. */
export interface ShownRelease {
  version: string;
  state: ReleaseState;
}
