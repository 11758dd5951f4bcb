/** How Pulumi writes values that JSON has no word for, when the engine talks to a plugin. */
export type Properties = Record<string, unknown>;

/** A value that is not known before `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: unknown): value is Properties {
  if (!isRecord(value)) return false;
  return value[SIGNATURE] === SECRET || (value[SIGNATURE] === OUTPUT && value.secret === true);
}

function isOutput(value: unknown): value is Properties {
  return isRecord(value) && value[SIGNATURE] === OUTPUT;
}

export function secret(value: unknown): Properties {
  return { [SIGNATURE]: SECRET, value };
}

/** The plain value behind secret and output wrappers, at every depth. */
export function unwrap(value: unknown): unknown {
  if (isSecret(value) || isOutput(value)) return "value" in value ? unwrap(value.value) : UNKNOWN;
  if (Array.isArray(value)) return value.map(unwrap);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
  return value;
}

export function unwrapAll(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).map(([key, item]) => [key, unwrap(item)]));
}

export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) && Object.values(value).some(hasUnknown);
}

/** Shorter texts occur in ordinary values by chance, so they count as a secret only as a whole value. */
export const SHORTEST_SECRET_PART = 4;

/** Every text that stands inside a secret wrapper, and the part of it that made it secret. */
export function secretTexts(value: unknown, found = new Set<string>(), inside = false): Set<string> {
  if (typeof value === "string") {
    if (inside && value !== "" && value !== UNKNOWN) for (const part of secretParts(value)) found.add(part);
  } else if (Array.isArray(value)) {
    for (const item of value) secretTexts(item, found, inside);
  } else if (isRecord(value)) {
    const within = inside || isSecret(value);
    for (const [key, item] of Object.entries(value)) if (key !== SIGNATURE) secretTexts(item, found, within);
  }
  return found;
}

/** A variable's value and the password of an address are the secret; what surrounds them made all of it secret. */
function secretParts(text: string): string[] {
  const variable = /^\w+=(.+)$/s.exec(text)?.[1] ?? "";
  const password = /:\/\/[^/:@\s]*:([^/@\s]+)@/.exec(text)?.[1] ?? "";
  return [text, ...[variable, password].filter((part) => part.length >= SHORTEST_SECRET_PART)];
}

/** Whether a text is a secret or has one in it. */
export function holdsSecret(text: string, secrets: Iterable<string>): boolean {
  for (const part of secrets) {
    if (text === part || (part.length >= SHORTEST_SECRET_PART && text.includes(part))) return true;
  }
  return false;
}
