import { isObject } from "../../components/model/anything";
import { type Resource, UNKNOWN } from "../../policy";
import { InputError, MOST_JSON_BYTES, readText } from "./files";
import type { Input, NotJudged } from "./input";

/** Marks of special values in a state. Source: Pulumi, sdk/go/common/resource/properties.go. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const UNKNOWNS = /^04da6b54-80e4-46f7-96ec-b56ff0331ba[9-f]$/;

/** What `pulumi stack export` prints, or the file of a local backend: the resources' inputs. */
export function readState(files: readonly string[]): Input {
  const resources: Resource[] = [];
  const notJudged: NotJudged[] = [];
  for (const file of files) {
    const entries = entriesOf(file);
    const providers = new Map(entries.filter(isProvider).map(({ urn, inputs }) => [urn, plain(inputs ?? {})]));
    for (const entry of entries) {
      const { urn, type, inputs, delete: isDeleted, external, provider } = entry;
      if (typeof urn !== "string" || typeof type !== "string") {
        throw new InputError(`${file}: has a resource without urn or type. Export the stack anew.`);
      }
      if (isDeleted === true) continue;
      if (external === true) {
        notJudged.push({ type, file, why: "is read, not managed" });
        continue;
      }
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      // A resource names its provider by URN and id.
      const settings = typeof provider === "string" ? providers.get(provider.replace(/::[^:]*$/, "")) : undefined;
      const made = settings === undefined ? {} : { provider: settings };
      resources.push({ type, name, urn, file, properties: plain(inputs ?? {}), ...made });
    }
  }
  return { resources, notJudged, place: () => undefined };
}

interface Entry {
  urn?: unknown;
  type?: unknown;
  inputs?: unknown;
  delete?: unknown;
  external?: unknown;
  provider?: unknown;
}

const isProvider = ({ type }: Entry): boolean => typeof type === "string" && type.startsWith("pulumi:providers:");

/** @throws InputError */
function entriesOf(file: string): Entry[] {
  const wrong = new InputError(`${file}: is no state. Write one with pulumi stack export --file FILE.`);
  let value: unknown;
  try {
    value = JSON.parse(readText(file, MOST_JSON_BYTES));
  } catch (error) {
    throw error instanceof InputError ? error : wrong;
  }
  const deployment = at(value, "deployment") ?? at(at(value, "checkpoint"), "latest");
  if (!isObject(deployment)) throw wrong;
  // A stack that was never brought up has no resources.
  const resources = at(deployment, "resources") ?? [];
  if (!Array.isArray(resources) || !resources.every(isObject)) throw wrong;
  return resources as Entry[];
}

const at = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

/** Values as rules read them. A secret whose text the file has not is one that is not known. */
function plain(value: unknown): unknown {
  if (typeof value === "string" && UNKNOWNS.test(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (at(value, SIGNATURE) === SECRET) {
    const text = at(value, "plaintext");
    if (typeof text !== "string") return UNKNOWN;
    try {
      return plain(JSON.parse(text));
    } catch {
      return UNKNOWN;
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
