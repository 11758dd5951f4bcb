import { z } from "zod";
import { nearest } from "./nearest";
import { describeKind, joinPath, type Problem } from "./problem";

/** Every problem of a value by its schema, in the order of the schema. Never throws. */
export function checkShape(schema: z.ZodType, value: unknown, path: string): Problem[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  // A value that is computed looks like an object full of unknown keys: say it once instead.
  const computed = result.error.issues.filter(
    (issue) => issue.code === "unrecognized_keys" && /Output|Promise/.test(describeKind(valueAt(value, issue.path))),
  );
  const below = (outer: PropertyKey[], inner: PropertyKey[]) => outer.every((key, index) => inner[index] === key);
  return [
    ...computed.map((issue) => ({
      path: joinPath(path, ...issue.path),
      problem: "must be plain data",
      got: describeKind(valueAt(value, issue.path)),
      fix: "It decides what is created, so it must be known before anything is: pass the value itself",
    })),
    ...result.error.issues
      .filter((issue) => !computed.some((outer) => below(outer.path, issue.path)))
      .flatMap((issue) => problemsOfIssue(schema, value, path, issue)),
  ];
}

function problemsOfIssue(schema: z.ZodType, value: unknown, path: string, issue: z.core.$ZodIssue): Problem[] {
  const here = joinPath(path, ...issue.path);
  if (issue.code === "custom") {
    const { fix, got } = issue.params as { fix: string; got?: string };
    return [{ path: here, problem: issue.message, ...(got !== undefined && { got }), fix }];
  }
  const { known, example } = describeSchema(schemaAt(schema, issue.path));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const fix = meant === undefined ? `Known here: ${known.join(", ")}` : `Did you mean ${meant}?`;
      return { path: joinPath(here, key), problem: "is not a known setting", fix };
    });
  }
  const found = valueAt(value, issue.path);
  const fix = `Write it like ${example}`;
  if (found === undefined) return [{ path: here, problem: "is missing", fix }];
  const wanted = issue.code === "invalid_type" && issue.expected === "array" ? "a list" : "an object";
  return [{ path: here, problem: `must be ${wanted}`, got: describeKind(found), fix }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)[key], value);
}

/** The schema below a path that an issue of this schema named. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType {
  return path.reduce<z.ZodType>((outer, key) => {
    const inner = unwrap(outer);
    if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
    if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
    return inner instanceof z.ZodObject ? (inner.shape[String(key)] as z.ZodType) : inner;
  }, schema);
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function describeSchema(schema: z.ZodType): { known: string[]; example: string } {
  const inner = unwrap(schema);
  return {
    known: inner instanceof z.ZodObject ? Object.keys(inner.shape) : [],
    example: String(inner.meta()?.examples),
  };
}
