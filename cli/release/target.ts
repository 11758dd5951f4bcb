import type { ReleasedVersion, ReleaseProgress } from "../../components/release/progress";

/** What a person may do with a release. */
export const ACTIONS = ["promote", "pause", "abort", "retry"] as const;
export type Action = (typeof ACTIONS)[number];

/** A service as `--json` prints it. Targets add fields of their own; docs/release.md has those that all have. */
export interface ServiceView {
  target: "docker" | "kubernetes";
  /** Where it runs, for a person: "docker, guard edge-guard", "kubernetes, namespace shop". */
  place: string;
  service: string;
  /** The version that has the traffic; absent: none yet. */
  stable?: ReleasedVersion;
  /** The release under way, or the last one; absent: there was none. */
  release?: ReleaseProgress;
}

/** Where services are released. */
export interface ReleaseTarget {
  /** Undefined: it does not know the service. */
  look(service: string): Promise<ServiceView | undefined>;
  /**
   * @param by Who, and why.
   * @param full Whether all steps that are left are skipped, with promote.
   * Throws UsageError when that cannot be done now.
   */
  act(service: string, action: Action, by: string, full: boolean): Promise<void>;
  /** Time between two looks that costs little. */
  lookSeconds: number;
  close(): void;
}
