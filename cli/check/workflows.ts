import { basename, join } from "node:path";
import { isObject } from "../../components/model/anything";
import { type Resource, WORKFLOW_TYPE } from "../../policy";
import { DEPENDABOT_FILES, DEPENDABOT_TYPE, RENOVATE_FILES, RENOVATE_TYPE } from "../../policy/model/updates";
import { filesOf, InputError, isFile, isFolder } from "./files";
import type { Input } from "./input";
import { GITHUB, readYaml, type YamlDocument } from "./yaml";

/** What a repository has beside its workflows: the settings of bots that update. */
const SETTINGS = [...DEPENDABOT_FILES, ...RENOVATE_FILES];

/** Workflows of GitHub Actions and settings of bots that update: files, folders of workflows, and repositories. */
export function readWorkflows(names: readonly string[]): Input {
  const files = names.flatMap((name) => {
    const inside = join(name, ".github", "workflows");
    if (!isFolder(inside)) return [name];
    return [inside, ...SETTINGS.map((each) => join(name, each)).filter(isFile)];
  });
  const places = new Map<object, YamlDocument["place"]>();
  const resources = filesOf(files, [".yml", ".yaml"]).map((file): Resource => {
    const [document, ...others] = readYaml(file, GITHUB);
    const type = typeOf(file);
    const wanted = type === WORKFLOW_TYPE ? "workflow: one document with jobs" : "settings of a bot: one document";
    if (document === undefined || others.length > 0 || !isObject(document.value)) {
      throw new InputError(`${file}: is no ${wanted}.`);
    }
    if (type === WORKFLOW_TYPE && !("jobs" in document.value)) throw new InputError(`${file}: is no ${wanted}.`);
    const comments = document.comments();
    const resource = { type, name: basename(file), properties: document.value, file, line: 1, comments };
    places.set(resource, document.place);
    return resource;
  });
  return { resources, notJudged: [], place: (resource, path) => places.get(resource)?.(path) };
}

/** By the file's name: nothing in a workflow says that it is one. */
function typeOf(file: string): string {
  const named = (paths: readonly string[]) => paths.some((path) => basename(path) === basename(file));
  if (named(DEPENDABOT_FILES)) return DEPENDABOT_TYPE;
  return named(RENOVATE_FILES) ? RENOVATE_TYPE : WORKFLOW_TYPE;
}
