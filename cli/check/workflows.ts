import { basename, join } from "node:path";
import { isObject } from "../../components/model/anything";
import { type Resource, WORKFLOW_TYPE } from "../../policy";
import { filesOf, InputError, isFolder } from "./files";
import type { Input } from "./input";
import { GITHUB, readYaml, type YamlDocument } from "./yaml";

/** Workflows of GitHub Actions: files, folders of them, and repositories. */
export function readWorkflows(names: readonly string[]): Input {
  const folders = names.map((name) => {
    const inside = join(name, ".github", "workflows");
    return isFolder(inside) ? inside : name;
  });
  const places = new Map<object, YamlDocument["place"]>();
  const resources = filesOf(folders, [".yml", ".yaml"]).map((file): Resource => {
    const [document, ...others] = readYaml(file, GITHUB);
    if (document === undefined || others.length > 0 || !isObject(document.value) || !("jobs" in document.value)) {
      throw new InputError(`${file}: is no workflow: one document with jobs.`);
    }
    const resource = { type: WORKFLOW_TYPE, name: basename(file), properties: document.value, file, line: 1 };
    places.set(resource, document.place);
    return resource;
  });
  return { resources, notJudged: [], place: (resource, path) => places.get(resource)?.(path) };
}
