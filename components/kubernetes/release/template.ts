/** Quantities: the API server writes "0.5" as "500m". */
const REWRITTEN = new Set(["limits", "requests", "sizeLimit"]);

/**
 * Whether an object can have been made of another one: all that is wanted is in it, beside what the API server and the
 * controller fill in. Empty fields and quantities, which the API server writes its own way, tell nothing.
 */
export function isMadeOf(made: unknown, wanted: unknown): boolean {
  if (isEmpty(wanted)) return isEmpty(made) || typeof made === "object";
  if (Array.isArray(wanted)) {
    return Array.isArray(made) && wanted.every((each, index) => isMadeOf(made[index], each));
  }
  if (typeof wanted !== "object" || wanted === null) return made === wanted;
  if (typeof made !== "object" || made === null) return false;
  return Object.entries(wanted).every(([key, value]) => REWRITTEN.has(key) || isMadeOf(Reflect.get(made, key), value));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  if (typeof value === "object" && value !== null) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === false || value === 0 || value === "";
}
