import { stepLine } from "../../components/release/lines";
import type { ReleasedVersion, ReleaseProgress } from "../../components/release/progress";
import type { ServiceView } from "./target";

/** How a release is called by its digest and number. */
export function versionText({ revision, digest }: ReleasedVersion): string {
  const name = digest.startsWith("sha256:") ? digest.slice(0, 19) : digest;
  return revision > 0 ? `revision ${revision} (${name})` : name;
}

/** Where a service and its release are, in a few lines. */
export function statusText({ service, place, stable, release }: ServiceView, now: number): string {
  const serving = stable === undefined ? "nothing" : versionText(stable);
  const lines = [`${service} (${place}): ${serving} has the traffic`];
  if (release !== undefined) lines.push(...releaseLines(release, now));
  return lines.join("\n");
}

function releaseLines(release: ReleaseProgress, now: number): string[] {
  const { candidate, reason, steps, copies } = release;
  return [
    `release ${versionText(candidate)} ${stateText(release)}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    ...(copies === undefined || release.phase === "ended" ? [] : [`  ${copiesText(copies)}`]),
    ...steps.map((step) => `${stepLine(step, now)}   ${step.verdict}`),
  ];
}

/** "is stepping at 25 %, about 120 s left" */
export function stateText({ phase, outcome, weight, paused, secondsLeft }: ReleaseProgress): string {
  if (phase === "ended") return outcome === "promoted" ? "was promoted" : "was taken back";
  if (outcome === "rolledBack") return "is being taken back";
  const waits = { manual: "for a person to promote it", paused: "because somebody paused it" } as const;
  const why = paused?.reason === "manual" || paused?.reason === "paused" ? waits[paused.reason] : "for a decision";
  const left = paused === undefined ? `about ${Math.round(secondsLeft)} s left` : `waiting ${why}`;
  return `is ${phase} at ${weight} %, ${left}`;
}

export function copiesText({ new: fresh, old }: NonNullable<ReleaseProgress["copies"]>): string {
  return `pods ready: ${fresh.ready} of ${fresh.wanted} new, ${old.ready} of ${old.wanted} old`;
}
