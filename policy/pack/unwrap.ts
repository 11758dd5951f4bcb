import { UnknownValueError } from "@pulumi/policy";
import { UNKNOWN } from "../core/cursor";

/** Plain data of properties that throw when an unknown value is touched; UNKNOWN stands in its place. */
export function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => part(value, index));
  return Object.fromEntries(Object.keys(value).map((key) => [key, part(value, key)]));
}

function part(whole: object, key: string | number): unknown {
  try {
    return unwrap(Reflect.get(whole, key));
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}
