import { isRecord, type Properties } from "../shared/wire";
import { type ApiClient, isMissing } from "./api";
import { at, list, text } from "./object";

/** How a kind is found under the API server's paths. */
export interface Mapping {
  apiVersion: string;
  plural: string;
  namespaced: boolean;
}

/** Kinds of the API server, asked for once per group and version. */
export class Discovery {
  private readonly versions = new Map<string, Promise<Map<string, Mapping>>>();
  /** Kinds that definitions of the same program will bring. */
  private readonly announced = new Map<string, Mapping>();

  constructor(private readonly client: ApiClient) {}

  /** Undefined when the API server does not serve the kind. */
  async find(apiVersion: string, kind: string): Promise<Mapping | undefined> {
    let kinds = this.versions.get(apiVersion);
    if (kinds === undefined) {
      kinds = this.ask(apiVersion);
      this.versions.set(apiVersion, kinds);
      // What is missing or did not answer is asked for again.
      void kinds.then(
        (found) => found.size === 0 && this.versions.delete(apiVersion),
        () => this.versions.delete(apiVersion),
      );
    }
    return (await kinds).get(kind);
  }

  /** Whether objects of the kind lie in a namespace; undefined when nobody knows yet. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean | undefined> {
    const mapping = (await this.find(apiVersion, kind)) ?? this.announced.get(`${apiVersion}/${kind}`);
    return mapping?.namespaced;
  }

  /** Takes note of a definition that the program creates. */
  announce(definition: Properties): void {
    const { group, scope, names, versions } = isRecord(definition.spec) ? definition.spec : {};
    for (const version of list(versions)) {
      const apiVersion = `${text(group)}/${text(at(version, "name"))}`;
      const mapping = { apiVersion, plural: text(at(names, "plural")), namespaced: scope === "Namespaced" };
      this.announced.set(`${apiVersion}/${text(at(names, "kind"))}`, mapping);
    }
  }

  /** Forgets what it knows of a version, or of all. */
  forget(apiVersion?: string): void {
    if (apiVersion === undefined) this.versions.clear();
    else this.versions.delete(apiVersion);
  }

  private async ask(apiVersion: string): Promise<Map<string, Mapping>> {
    try {
      const { resources } = await this.client.request("GET", root(apiVersion));
      return new Map(
        list(resources)
          .filter(isRecord)
          // A slash tells a part of an object, such as its status.
          .filter(({ name }) => !text(name).includes("/"))
          .map(({ kind, name, namespaced }) => [
            text(kind),
            { apiVersion, plural: text(name), namespaced: namespaced === true },
          ]),
      );
    } catch (error) {
      if (isMissing(error)) return new Map();
      throw error;
    }
  }
}

function root(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Path of a kind's objects, or of one of them. */
export function pathOf(
  { apiVersion, plural, namespaced }: Mapping,
  namespace: string | undefined,
  name?: string,
): string {
  const place = namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
  return `${root(apiVersion)}${place}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
