import { OnNoData, OnUndecided } from "../../model/release";
import type { JudgeTemplate } from "../../release/compile/kubernetes-judge";
import { type AnalysisMetric, ERROR_RETRY_SECONDS, UNLIMITED } from "./argo-analysis";

/** Where a release stands at a look. */
export type Standing =
  /** The judge is sure that the new version is well. */
  | "sure"
  /** Requests enough, and nothing against it: a gate may open. */
  | "clear"
  /** Too few requests, though metrics arrive. */
  | "undecided"
  /** What was seen is against it, and not yet enough to fail. */
  | "suspect"
  | "bad"
  | "noData";

/** What a gate does then. "wait": it looks again until its time is over. */
export type Outcome = "pass" | "fail" | "pause" | "wait";

/** What somebody asked for, see Release.analysis. */
export type Policies = Pick<JudgeTemplate, "whenBad" | "onUndecided" | "onNoData">;

/** The decision table of a gate. */
export function outcomeOf(standing: Standing, { whenBad, onUndecided, onNoData }: Policies): Outcome {
  const back: Outcome = whenBad === "Failed" ? "fail" : "pause";
  switch (standing) {
    case "sure":
    case "clear":
      return "pass";
    case "bad":
      return back;
    case "suspect":
      // The next looks decide, and not a policy for too few requests.
      return "wait";
    case "undecided":
      if (onUndecided === OnUndecided.promote) return "pass";
      return onUndecided === OnUndecided.rollback ? back : onUndecided;
    case "noData":
      return onNoData === OnNoData.rollback ? back : onNoData;
  }
}

/**
 * A standing as the number that a query gives, made of sums: the evidence (0: it is no number, 1: it passes, 2: neither,
 * 3: it is suspect, 4: it fails), 10 without requests enough, and 20 without data.
 */
export const CODES = { evidence: [0, 1, 2, 3, 4], tooFew: 10, noData: 20 } as const;

/** What a number of the query means. Evidence that fails a version is no less true when its metrics stop. */
export function standingOf(code: number): Standing {
  const evidence = code % 10;
  if (evidence === 4) return "bad";
  if (evidence === 0 || code >= CODES.noData) return "noData";
  if (evidence === 3) return "suspect";
  if (evidence === 1) return "sure";
  return code >= CODES.tooFew ? "undecided" : "clear";
}

const ALL_CODES = [0, CODES.tooFew, CODES.noData, CODES.tooFew + CODES.noData].flatMap((more) =>
  CODES.evidence.map((evidence) => evidence + more),
);

/** The part of a metric that decides by its measurements. */
export type Conditions = Pick<
  AnalysisMetric,
  "count" | "successCondition" | "failureCondition" | "failureLimit" | "inconclusiveLimit" | "consecutiveSuccessLimit"
>;

/**
 * A gate as two metrics of one query. A measurement in Argo is Successful, Failed, Inconclusive or an Error, and each
 * kind has one limit for a metric; a gate has a fourth outcome, to look again, which ends after a while in one of the
 * others. So `gate` ends the analysis at once, `wait` when the time for looking again is over, and both must pass.
 *
 * - Failed takes the release back, Inconclusive pauses it. With `whenBad` "Inconclusive" nothing takes it back.
 * - Neither ends with an Error by itself: Prometheus that does not answer is said by `errorLimit`.
 * - A metric passes with its first success, so that the last one of the two sees an open gate when the analysis ends.
 */
export function gateConditions(policies: Policies, waitLooks: number): { gate: Conditions; wait: Conditions } {
  const codes = (...outcomes: Outcome[]) =>
    ALL_CODES.filter((code) => outcomes.includes(outcomeOf(standingOf(code), policies)));
  // Argo wants a count for all but background analyses; this one is never reached.
  const passes = { count: UNLIMITED, successCondition: oneOf(codes("pass")), consecutiveSuccessLimit: 1 };
  if (policies.whenBad === "Failed") {
    return {
      gate: { ...passes, failureCondition: oneOf(codes("fail")), failureLimit: 0, inconclusiveLimit: UNLIMITED },
      // What is not named pauses.
      wait: {
        ...passes,
        failureCondition: oneOf(codes("wait", "fail")),
        failureLimit: waitLooks,
        inconclusiveLimit: 0,
      },
    };
  }
  return {
    // A failure that is never counted: it looks again. All the rest pauses.
    gate: { ...passes, failureCondition: oneOf(codes("wait")), failureLimit: -1, inconclusiveLimit: 0 },
    wait: { ...passes, failureCondition: "false", failureLimit: 0, inconclusiveLimit: waitLooks },
  };
}

/**
 * Conditions of a metric that speaks only when the new version is bad. Its success is the judge being sure, which
 * changes nothing and is to be read in the run; without a success in sight every measurement is one that is not bad.
 */
export function badConditions(whenBad: Policies["whenBad"], failAt: number, passAt?: number): Conditions {
  const bad = `result[0] >= ${failAt}`;
  if (whenBad === "Inconclusive") {
    return { successCondition: `!(${bad})`, failureCondition: "false", failureLimit: 0, inconclusiveLimit: 0 };
  }
  if (passAt === undefined) return { failureCondition: bad, failureLimit: 0, inconclusiveLimit: 0 };
  return {
    successCondition: `result[0] <= ${passAt}`,
    failureCondition: bad,
    failureLimit: 0,
    inconclusiveLimit: UNLIMITED,
  };
}

/** Looks again that a gate has time for: after so many it looks once more. */
export const looksWithin = (waitSeconds: number, interval: number): number => Math.ceil(waitSeconds / interval);

/**
 * Errors in a row that a gate bears, which is Prometheus not answering. Argo knows no other end of that than to take the
 * release back: as long as the wait with "wait", soon with "rollback", and never where somebody wants to decide. Then
 * the release stands still, and nothing passes.
 */
export function errorLimit({ whenBad, onNoData }: Policies, waitSeconds: number): number {
  if (whenBad === "Inconclusive" || onNoData === OnNoData.pause) return UNLIMITED;
  return onNoData === OnNoData.rollback ? SOON : Math.ceil(waitSeconds / ERROR_RETRY_SECONDS);
}

/** Errors that Argo bears without being told. */
const SOON = 4;

/** A condition for numbers of the query. */
function oneOf(codes: readonly number[]): string {
  return codes.length === 0 ? "false" : `result[0] in [${codes.join(", ")}]`;
}
