import type { GeneratedFile } from "../../pipeline/generated-file";
import { renovateFile } from "../../pipeline/renovate";
import type { Emitter } from "./emitter";
import { renderYaml } from "./render";

/**
 * What proposes newer dependencies. Actions are left out, since their pins come from the library that writes the
 * workflows, unless pins that are raised in the files stay there.
 */
export function updatesFile({ plan }: Emitter, actionsToo: boolean): GeneratedFile {
  const { updates, cooldownDays, ecosystems } = plan.maintenance;
  const asked = ecosystems.filter(({ ecosystem }) => actionsToo || ecosystem !== "github-actions");
  if (updates === "renovate") return renovateFile(plan, actionsToo ? [] : ["github-actions"]);
  return {
    path: ".github/dependabot.yml",
    content: renderYaml({
      version: 2,
      updates: asked.map(({ ecosystem, directory }) => ({
        "package-ecosystem": ecosystem,
        directory,
        schedule: { interval: "weekly" },
        cooldown: { "default-days": cooldownDays },
        groups: { [`${ecosystem}-updates`]: { patterns: ["*"], "update-types": ["minor", "patch"] } },
      })),
    }),
  };
}
