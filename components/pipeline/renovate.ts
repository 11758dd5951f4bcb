import { type GeneratedFile, madeByHeadgate } from "./generated-file";
import type { PipelinePlan } from "./plan";

/** Renovate proposes newer dependencies, but for what its `unmanaged` managers would: that comes from elsewhere. */
export function renovateFile({ maintenance }: PipelinePlan, unmanaged: readonly string[]): GeneratedFile {
  const content = {
    $schema: "https://docs.renovatebot.com/renovate-schema.json",
    description: madeByHeadgate,
    extends: ["config:recommended"],
    minimumReleaseAge: `${maintenance.cooldownDays} days`,
    internalChecksFilter: "strict",
    ...Object.fromEntries(unmanaged.map((manager) => [manager, { enabled: false }])),
  };
  return { path: "renovate.json", content: `${JSON.stringify(content, undefined, 2)}\n` };
}
