import { eventually } from "../../eventually";
import type { Manifest } from "./generated";
import type { Server } from "./server";

type Schema = Record<string, unknown>;
type Kind = Pick<Manifest, "apiVersion" | "kind">;

const NAMES = "#/components/schemas/";

/**
 * Schemas of kinds, by which each object is judged alone, from the server's own description of its API. A field that
 * a schema does not know is wrong in it, as for the server with strict validation. Definitions of custom resources are
 * in that description with the schemas they bring.
 */
export async function schemasOf(server: Server, kinds: readonly Kind[]): Promise<{ kind: Kind; schema: Schema }[]> {
  const documents = new Map<string, Promise<Record<string, Schema>>>();
  const read = async (apiVersion: string): Promise<Record<string, Schema>> => {
    const { paths } = await server.get("/openapi/v3");
    const group = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const { serverRelativeURL } = (paths as Record<string, { serverRelativeURL: string }>)[group] ?? {};
    if (serverRelativeURL === undefined) return {};
    const { components } = await server.get(serverRelativeURL);
    return (components as { schemas: Record<string, Schema> }).schemas;
  };
  return await Promise.all(
    kinds.map(async (kind) => {
      const schema = await eventually(30, `${kind.apiVersion} ${kind.kind} is described`, async () => {
        const document = documents.get(kind.apiVersion) ?? read(kind.apiVersion);
        documents.set(kind.apiVersion, document);
        const found = standalone(kind, await document);
        // A kind that was defined just now is described a little later.
        if (found === undefined) documents.delete(kind.apiVersion);
        return found;
      });
      return { kind, schema };
    }),
  );
}

/** The schema of one kind with all those it refers to; undefined when the kind is not there. */
function standalone({ apiVersion, kind }: Kind, schemas: Record<string, Schema>): Schema | undefined {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const isIt = (schema: Schema) =>
    ((schema["x-kubernetes-group-version-kind"] ?? []) as { group: string; version: string; kind: string }[]).some(
      (one) => one.group === group && one.version === version && one.kind === kind,
    );
  const name = Object.keys(schemas).find((each) => isIt(schemas[each] ?? {}));
  if (name === undefined) return undefined;
  const definitions: Record<string, unknown> = {};
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next in definitions) continue;
    definitions[next] = strict(schemas[next], (other) => queue.push(other));
  }
  return { $schema: "http://json-schema.org/draft-04/schema#", $ref: `#/definitions/${name}`, definitions };
}

/** Keywords that hold schemas, in a list or by name. */
const LISTS = ["allOf", "anyOf", "oneOf"];
const SINGLE = ["additionalProperties", "items", "not"];

/** OpenAPI's schema as JSON Schema: an object has no fields but those it names. */
function strict(schema: unknown, refersTo: (name: string) => void): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = (value: unknown) => strict(value, refersTo);
  const { nullable, $ref, properties, ...rest } = schema as Schema;
  const converted: Schema = {};
  for (const [key, value] of Object.entries(rest)) {
    if (LISTS.includes(key)) converted[key] = (value as unknown[]).map(inner);
    else if (SINGLE.includes(key)) converted[key] = inner(value);
    else if (!["default", "description", "example"].includes(key)) converted[key] = value;
  }
  if (typeof $ref === "string") {
    const name = $ref.slice(NAMES.length);
    refersTo(name);
    converted["$ref"] = `#/definitions/${name}`;
  }
  if (properties !== undefined) {
    converted["properties"] = mapValues(properties as Schema, inner);
    const open = "additionalProperties" in rest || rest["x-kubernetes-preserve-unknown-fields"] === true;
    // Parts of anyOf and the like name only some of the fields.
    if (rest["type"] === "object" && !open) converted["additionalProperties"] = false;
  }
  return nullable === true ? { anyOf: [converted, { type: "null" }] } : converted;
}

const mapValues = (values: Schema, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
