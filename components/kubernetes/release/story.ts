import { noCounts } from "../../release/judge";
import type { ReleaseEvent, ReleaseProgress } from "../../release/progress";
import type { PodProblem } from "./pods";

/** How following a release ends. */
export type Outcome =
  | { kind: "promoted" }
  /** `before`: it was so at the first look already. `isBack`: the old version has all traffic. */
  | { kind: "takenBack"; before: boolean; isBack: boolean }
  /** Nothing goes on until a person decides. */
  | { kind: "undecided" }
  /** The progress deadline has passed, and the Rollout does not go back by itself. */
  | { kind: "stuck" }
  /** The controller refuses the Rollout. */
  | { kind: "invalid"; message: string }
  /** No controller looks at the Rollout. */
  | { kind: "unattended" }
  | { kind: "gone" }
  /** Somebody gave the Rollout another version. */
  | { kind: "replaced"; digest: string };

/** What was seen of a release so far. Plain JSON. */
export interface Story {
  progress: ReleaseProgress;
  /** Pod template hash of the version that is followed; empty before the controller has seen it. */
  hash: string;
  /** Steps that were completed. */
  position: number;
  /** When they were, by their number from 1, as far as it is known; 0 is the begin. */
  reached: Record<number, number>;
  /** Keys of what was told and need not be told again. */
  told: string[];
  /** Problems of pods at the last look. */
  problems: PodProblem[];
  /** What kept pods from being ready when that was seen last. */
  trouble?: string;
  timedOut: boolean;
  /** Largest share of the traffic that it had. */
  lastWeight: number;
  /** Since when something is seen that may pass by itself. */
  since: { unobserved?: number; before?: number; invalid?: number; timedOut?: number; aborted?: number };
  looks: number;
  outcome?: Outcome;
}

/** A story of which nothing is known yet. */
export function beginStory(service: string, at: number): Story {
  return {
    progress: {
      service,
      candidate: { revision: 0, digest: "" },
      plan: { strategy: "rolling", steps: [], bakeSeconds: 0 },
      phase: "starting",
      stepIndex: 0,
      weight: 0,
      startedAt: at,
      stepStartedAt: at,
      totals: { new: noCounts, old: noCounts },
      steps: [],
      secondsLeft: 0,
      events: [],
    },
    hash: "",
    position: 0,
    reached: {},
    told: [],
    problems: [],
    timedOut: false,
    lastWeight: 0,
    since: {},
    looks: 0,
  };
}

/** Ends a story. */
export function end(story: Story, outcome: Outcome, at: number): Story {
  const { progress } = story;
  story.outcome = outcome;
  if (outcome.kind !== "promoted" && outcome.kind !== "takenBack") return story;
  progress.phase = "ended";
  progress.endedAt ??= at;
  progress.secondsLeft = 0;
  delete progress.paused;
  if (outcome.kind === "promoted") {
    Object.assign(progress, { outcome: "promoted", cause: "promoted", weight: 100 });
    progress.stepIndex = progress.plan.steps.length;
    delete progress.reason;
  }
  return story;
}

/** Adds a line, once when it has a key. */
export function tell(story: Story, kind: ReleaseEvent["kind"], message: string, at: number, key?: string): void {
  if (key !== undefined) {
    if (story.told.includes(key)) return;
    story.told.push(key);
  }
  const { events } = story.progress;
  events.push({ sequence: (events.at(-1)?.sequence ?? 0) + 1, at, kind, message });
}
