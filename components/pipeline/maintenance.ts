import { parseDuration } from "../model/duration";
import type { Maintenance } from "../model/pipeline";
import type { PlannedImage, PlannedMaintenance, PlannedToolchain } from "./plan";

const days = (duration: string): number => Math.ceil(parseDuration(duration) / 86_400);

export function planMaintenance(
  { updates = "dependabot", cooldown = "7d", keepImages }: Maintenance,
  { node, python }: PlannedToolchain,
  images: readonly PlannedImage[],
  directory: string,
): PlannedMaintenance {
  const root = folder(directory);
  const contexts = [...new Set(images.map(({ build }) => folder(build.context)))];
  return {
    updates,
    cooldownDays: Math.max(1, days(cooldown)),
    ecosystems: [
      { ecosystem: "github-actions" as const, directory: "/" },
      ...(node === undefined ? [] : [{ ecosystem: "npm" as const, directory: root }]),
      ...(python === undefined
        ? []
        : [{ ecosystem: python.manager === "uv" ? ("uv" as const) : ("pip" as const), directory: root }]),
      ...contexts.map((context) => ({ ecosystem: "docker" as const, directory: context })),
    ],
    ...(keepImages !== undefined && { keepImagesDays: Math.max(1, days(keepImages)) }),
  };
}

/** A folder of the repository as updaters name it: "/", "/shop". */
function folder(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}
