import { isRecord, UNKNOWN } from "./wire";

/** A small description of accepted inputs: it refuses what a provider would otherwise drop without a word. */
export type Shape =
  | { kind: "string" }
  | { kind: "number" }
  | { kind: "boolean" }
  /** `set`: the order of the items means nothing. */
  | { kind: "list"; of: Shape; set: boolean }
  | { kind: "map" }
  | { kind: "object"; fields: Record<string, Shape>; required: readonly string[] };

export type Infer<S extends Shape> = S extends { kind: "string" }
  ? string
  : S extends { kind: "number" }
    ? number
    : S extends { kind: "boolean" }
      ? boolean
      : S extends { kind: "list"; of: infer E extends Shape }
        ? Infer<E>[]
        : S extends { kind: "map" }
          ? Record<string, string>
          : S extends { kind: "object"; fields: infer F extends Record<string, Shape>; required: readonly (infer R)[] }
            ? { [K in keyof F as K extends R ? K : never]: Infer<F[K]> } & {
                [K in keyof F as K extends R ? never : K]?: Infer<F[K]>;
              }
            : never;

export const text = { kind: "string" } as const;
export const number = { kind: "number" } as const;
export const flag = { kind: "boolean" } as const;
export const map = { kind: "map" } as const;
export function list<const E extends Shape>(of: E): { kind: "list"; of: E; set: false } {
  return { kind: "list", of, set: false };
}
export function set<const E extends Shape>(of: E): { kind: "list"; of: E; set: true } {
  return { kind: "list", of, set: true };
}
export function object<const F extends Record<string, Shape>, const R extends keyof F & string = never>(
  fields: F,
  required: readonly R[] = [],
): { kind: "object"; fields: F; required: readonly R[] } {
  return { kind: "object", fields, required };
}

export interface Problem {
  path: string;
  reason: string;
}

/** What is wrong with a value. Unknown values pass: they are looked at again when they are known. */
export function problems(shape: Shape, value: unknown, path = ""): Problem[] {
  if (value === UNKNOWN) return [];
  switch (shape.kind) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === shape.kind ? [] : [{ path, reason: `must be a ${shape.kind}` }];
    case "list":
      if (!Array.isArray(value)) return [{ path, reason: "must be a list" }];
      return value.flatMap((item, index) => problems(shape.of, item, `${path}[${index}]`));
    case "map":
      if (!isRecord(value)) return [{ path, reason: "must be a map" }];
      return Object.entries(value).flatMap(([key, item]) => problems(text, item, join(path, key)));
    case "object":
      return isRecord(value) ? objectProblems(shape, value, path) : [{ path, reason: "must be an object" }];
  }
}

function objectProblems(
  shape: Extract<Shape, { kind: "object" }>,
  value: Record<string, unknown>,
  path: string,
): Problem[] {
  const found: Problem[] = shape.required
    .filter((key) => value[key] === undefined || value[key] === null)
    .map((key) => ({ path: join(path, key), reason: "is missing" }));
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const field = shape.fields[key];
    if (field === undefined) {
      found.push({ path: join(path, key), reason: "is not supported by the testkit's provider" });
    } else {
      found.push(...problems(field, item, join(path, key)));
    }
  }
  return found;
}

/** The value with its type, when nothing is wrong with it. */
export function parse<S extends Shape>(shape: S, value: unknown, what: string): Infer<S> {
  const found = problems(shape, value);
  if (found.length > 0) throw new Error(`${what}: ${found.map((p) => `${p.path} ${p.reason}`).join("; ")}.`);
  return value as Infer<S>;
}

/** Equal as the provider sees it: the order of a set and absent fields do not count. */
export function sameValue(shape: Shape, a: unknown, b: unknown): boolean {
  return canonical(shape, a) === canonical(shape, b);
}

function canonical(shape: Shape, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (shape.kind === "list" && Array.isArray(value)) {
    const items = value.map((item) => canonical(shape.of, item));
    if (items.length === 0) return "";
    return `[${(shape.set ? items.sort() : items).join(",")}]`;
  }
  if (isRecord(value)) {
    const parts = Object.keys(value)
      .sort()
      .map((key): [string, string] => [key, canonical(fieldOf(shape, key), value[key])])
      .filter(([, item]) => item !== "");
    return `{${parts.map(([key, item]) => `${key}:${item}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

function fieldOf(shape: Shape, key: string): Shape {
  return (shape.kind === "object" ? shape.fields[key] : undefined) ?? text;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
