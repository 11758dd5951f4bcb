import { parse } from "yaml";
import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model, Resource } from "../core/resource";

/** What a bot that updates dependencies is told. */
export interface Updates {
  bot: "dependabot" | "renovate";
  settings: Part;
}

/** Settings of bots as `headgate check` reads them: their properties are what the file says. */
export const DEPENDABOT_TYPE = "headgate:github:Dependabot";
export const RENOVATE_TYPE = "headgate:github:Renovate";
const FILE_TYPE = "github:index/repositoryFile:RepositoryFile";

/** Where Dependabot and Renovate look, from the repository's root. */
export const DEPENDABOT_FILES = [".github/dependabot.yml", ".github/dependabot.yaml"];
export const RENOVATE_FILES = ["renovate.json", ".github/renovate.json", ".renovaterc", ".renovaterc.json"];

export const updates: Model<Updates> = {
  name: "settings of Dependabot and Renovate",
  accepts: (type) => [DEPENDABOT_TYPE, RENOVATE_TYPE, FILE_TYPE].includes(type),
  of(resource) {
    const properties = Cursor.root(resource);
    const bot = botOf(resource, properties);
    if (bot === undefined) return undefined;
    const settings =
      resource.type === FILE_TYPE
        ? properties.at("content").document((text) => parse(text, { maxAliasCount: 100, logLevel: "silent" }))
        : properties;
    return { bot, settings: new Part(settings, bot === "dependabot" ? "Dependabot" : "Renovate") };
  },
};

function botOf({ type }: Resource, properties: Cursor): Updates["bot"] | undefined {
  if (type === DEPENDABOT_TYPE) return "dependabot";
  if (type === RENOVATE_TYPE) return "renovate";
  const file = (properties.at("file").text() ?? "").replace(/^\.\//, "");
  if (DEPENDABOT_FILES.includes(file)) return "dependabot";
  return RENOVATE_FILES.includes(file) ? "renovate" : undefined;
}
