import { z } from "zod";
import { checkShape } from "../check";
import type { Problem } from "../problem";

/** Values of which every field refuses some. */
const values: readonly unknown[] = ["?!", undefined, "", " ", "a\0", 5, -1, 1e13, "5", "0s", {}, [], { x: 5 }];

/**
 * What each field of a schema says to wrong values, by trying them one by one. Names that the user chooses are NAME in
 * the paths.
 */
export function problemsOfWrongValues(schema: z.ZodType, path: string): Problem[] {
  const seen = new Set<z.ZodType>();
  const visit = (outer: z.ZodType, here: string): Problem[] => {
    const inner = outer instanceof z.ZodOptional ? (outer.unwrap() as z.ZodType) : outer;
    const told = values.flatMap((value) => checkShape(inner, value, here)).filter((problem) => problem.path === here);
    // A part that is used in several places is looked into once; what it says itself differs by the path alone.
    if (seen.has(inner)) return told;
    seen.add(inner);
    if (inner instanceof z.ZodObject) {
      const fields = Object.entries(inner.shape) as [string, z.ZodType][];
      return [...told, ...fields.flatMap(([key, field]) => visit(field, `${here}.${key}`))];
    }
    if (inner instanceof z.ZodArray) return [...told, ...visit(inner.element as z.ZodType, `${here}[0]`)];
    if (inner instanceof z.ZodRecord) return [...told, ...visit(inner.valueType as z.ZodType, `${here}.NAME`)];
    return told;
  };
  return visit(schema, path);
}
