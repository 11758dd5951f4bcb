import type { GeneratedFile } from "../pipeline/generated-file";
import type { PipelinePlan } from "../pipeline/plan";

/** Renovate proposes newer dependencies; Dependabot does not work on GitLab. Images of jobs come from the document. */
export function updatesFile({ maintenance }: PipelinePlan): GeneratedFile | undefined {
  if (maintenance.updates !== "renovate") return undefined;
  const content = {
    $schema: "https://docs.renovatebot.com/renovate-schema.json",
    extends: ["config:recommended"],
    minimumReleaseAge: `${maintenance.cooldownDays} days`,
    internalChecksFilter: "strict",
    gitlabci: { enabled: false },
  };
  return { path: "renovate.json", content: `${JSON.stringify(content, undefined, 2)}\n` };
}
