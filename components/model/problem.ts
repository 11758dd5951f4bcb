/** One thing wrong with what somebody asked for. */
export interface Problem {
  /** Path of the setting, such as "release.canary.steps[1].weight". */
  path: string;
  /** What is wrong, to be read after the path: "must be larger than the step before it". */
  problem: string;
  /** The value, shortened for a person. Absent where a value may be secret, or where there is none. */
  got?: string;
  /** What to do about it, one or more sentences. */
  fix: string;
}

/** `<path> <what is wrong> (got <value>). <how to fix>.` */
export function formatProblem({ path, problem, got, fix }: Problem): string {
  const seen = got === undefined ? "" : ` (got ${got})`;
  return `${path} ${problem}${seen}. ${/[.?!]$/.test(fix) ? fix : `${fix}.`}`;
}

/** Path of a key or an index below `base`: "service.env.LOG", "steps[1]", `service.env["a b"]`. */
export function joinPath(base: string, ...keys: PropertyKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = String(key);
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${shortText(name)}]`;
  }, base);
}

const longestValue = 60;

/** Text in quotes, on one line, shortened. */
function shortText(text: string): string {
  return JSON.stringify(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
}

/** What kind of value this is, without the value: for places where it may be secret. */
export function describeKind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== "object") return value === undefined ? "nothing" : `a ${typeof value}`;
  if ("__pulumiOutput" in value) return "an Output";
  return value instanceof Promise ? "a Promise" : "an object";
}

/** A plain value as a person reads it, shortened; anything else by its kind. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return shortText(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : describeKind(value);
}
