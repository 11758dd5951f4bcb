import type { Severity } from "../model/pipeline-security";

const levels: readonly Severity[] = ["low", "medium", "high", "critical"];

/** This severity and every worse one. */
export const atLeast = (severity: Severity): Severity[] => levels.slice(levels.indexOf(severity));

/** As npm, yarn and GitHub's dependency review call it. */
export const advisoryLevel = (severity: Severity): string => (severity === "medium" ? "moderate" : severity);
