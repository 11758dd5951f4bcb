import { z } from "zod";
import { parseCpu } from "./cpu";
import { parseDuration } from "./duration";
import { parseMemory } from "./memory";
import { describeKind, describeValue } from "./problem";

/** What is wrong with one field, to be shown below its path. */
export interface Fault {
  problem: string;
  fix: string;
  got?: string;
  /** Keys below the field, for lists and maps. */
  at?: PropertyKey[];
}

/** What an editor can check of a field: keywords of JSON Schema. */
export type JsonKeywords = Record<string, unknown>;

/**
 * A schema for one field; the rule names every fault, none when the value is well.
 * @param json The same rule as far as JSON Schema can say it, for editors. It must accept all the rule accepts.
 */
export function field<T>(rule: (value: unknown) => Fault[], json: JsonKeywords = {}): z.ZodType<T> {
  return z
    .custom<T>()
    .superRefine((value, context) => {
      for (const { problem, fix, got, at } of rule(value)) {
        context.addIssue({ code: "custom", message: problem, params: { fix, got }, path: at ?? [] });
      }
    })
    .meta({ json });
}

/**
 * A schema for an object that refuses unknown keys. The type makes sure that it knows exactly the keys of the
 * interface: a missing, a surplus and a wrongly optional key are errors of the compiler.
 * @param example How a person writes such an object, for messages.
 */
export function strictFor<T extends object>(
  shape: { [K in keyof T]-?: undefined extends T[K] ? z.ZodOptional<z.ZodType<T[K]>> : z.ZodType<T[K]> },
  example: string,
): z.ZodType<T> {
  // The mapped type says more than what zod infers from a generic shape, so the result is named here.
  return z.strictObject(shape).meta({ examples: [example] }) as unknown as z.ZodType<T>;
}

/** Marks a field as one that may be left out. */
export const optional = <T>(schema: z.ZodType<T>): z.ZodOptional<z.ZodType<T | undefined>> => schema.optional();

export const list = <T>(element: z.ZodType<T>, example: string): z.ZodType<T[]> =>
  z.array(element).meta({ examples: [example] });

/** An object whose keys the user chooses. */
export interface Naming {
  /** What every key must match. */
  keys: RegExp;
  /** What is wrong with one that does not: "is no name of a port". */
  problem: string;
  fix: string;
}

/** A map from names to values of one kind. */
export function mapOf<T>(value: z.ZodType<T>, { keys, problem, fix }: Naming, example: string) {
  return z
    .record(z.string(), value)
    .superRefine((map, context) => {
      for (const key of Object.keys(map).filter((name) => !keys.test(name))) {
        context.addIssue({ code: "custom", message: problem, params: { fix }, path: [key] });
      }
    })
    .meta({ examples: [example], json: { propertyNames: { pattern: keys.source } } }) as z.ZodType<Record<string, T>>;
}

const wrong = (value: unknown, problem: string, fix: string): Fault[] =>
  value === undefined ? [{ problem: "is missing", fix }] : [{ problem, got: describeValue(value), fix }];

/** The rule holds for text; anything else is refused before. */
export const text = (
  example: string,
  rule: (value: string) => Fault[] = () => [],
  json: JsonKeywords = {},
): z.ZodType<string> =>
  field((value) => (typeof value === "string" ? rule(value) : wrong(value, "must be text", `Write ${example}`)), {
    type: "string",
    ...json,
  });

/** Text that matches a pattern. */
export const pattern = (regex: RegExp, problem: string, fix: string): z.ZodType<string> =>
  text(fix.replace(/^Write /, ""), (value) => (regex.test(value) ? [] : wrong(value, problem, fix)), {
    pattern: regex.source,
  });

/** Text that is not empty. */
export const filled = (example: string): z.ZodType<string> =>
  text(example, (value) => (value.trim() === "" ? [{ problem: "is empty", fix: `Write ${example}` }] : []), {
    pattern: "\\S",
  });

export interface Range {
  min: number;
  max: number;
  /** Whether the limits themselves are outside. */
  open?: boolean;
  integer?: boolean;
}

/** A number, or a whole number, within limits. */
export function number({ min, max, open = false, integer = false }: Range): z.ZodType<number> {
  const kind = integer ? "a whole number" : "a number";
  const limits = open ? `above ${min} and below ${max}` : `from ${min} to ${max}`;
  return field(
    (value) => {
      if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
        return wrong(value, `must be ${kind}, not text`, `Leave out the quotes: ${Number(value)}`);
      }
      const fits =
        typeof value === "number" &&
        (integer ? Number.isInteger(value) : Number.isFinite(value)) &&
        (open ? value > min && value < max : value >= min && value <= max);
      return fits ? [] : wrong(value, `must be ${kind} ${limits}`, `Give ${kind} ${limits}`);
    },
    {
      type: integer ? "integer" : "number",
      ...(open ? { exclusiveMinimum: min, exclusiveMaximum: max } : { minimum: min, maximum: max }),
    },
  );
}

export const flag: z.ZodType<boolean> = field(
  (value) =>
    typeof value === "boolean" ? [] : wrong(value, "must be true or false", "Write true or false, without quotes"),
  { type: "boolean" },
);

/** One of the values of an `as const` enumeration. */
export function oneOf<T extends string>(values: Record<string, T>): z.ZodType<T> {
  const known: unknown[] = Object.values(values);
  const names = known.map((name) => `"${name}"`).join(", ");
  return field(
    (value) => (known.includes(value) ? [] : wrong(value, `must be one of ${names}`, "Choose one of them")),
    {
      enum: known,
    },
  );
}

/** Text that a parser turns into an amount of at least `min`, or above it when `open`. */
function amount(
  parse: (text: string) => number,
  problem: string,
  fix: string,
  min: number,
  open: boolean,
  low: string,
  json: string,
) {
  return field<string>(
    (value) => {
      if (typeof value === "number") return wrong(value, `${problem}, not a bare number`, fix);
      if (typeof value !== "string") return wrong(value, problem, fix);
      let parsed: number;
      try {
        parsed = parse(value);
      } catch (error) {
        if (error instanceof RangeError) return wrong(value, problem, fix);
        throw error;
      }
      return parsed > min || (parsed === min && !open) ? [] : wrong(value, low, fix);
    },
    { type: "string", pattern: json },
  );
}

const durationPattern = "^\\d+(\\.\\d+)?(ms|s|m|h|d)$";
const durationFix = 'Write a number with a unit: "300s", "5m"';
/** A duration of at least zero. */
export const duration = amount(
  parseDuration,
  "must be a time of at most a year, with its unit",
  durationFix,
  0,
  false,
  // Never told: no text is a time below zero.
  "must be longer than zero",
  durationPattern,
);
/** A duration above zero. */
export const positiveDuration = amount(
  parseDuration,
  "must be a time of at most a year, with its unit",
  durationFix,
  0,
  true,
  "must be longer than zero",
  durationPattern,
);

export const cpu = amount(
  parseCpu,
  "must be a number of CPU cores, as text",
  'Write it as a decimal: "0.25" is a quarter of a core',
  0.01,
  false,
  "must be at least a hundredth of a core",
  "^\\d+(\\.\\d+)?m?$",
);

export const memory = amount(
  parseMemory,
  "must be an amount of memory, with its unit",
  'Write a number with a unit: "256MiB", "1GiB"',
  6 * 2 ** 20,
  false,
  "must be at least 6MiB",
  "^\\d+(\\.\\d+)?[KMGT]i?B$",
);

/** An amount of storage. */
export const storage = amount(
  parseMemory,
  "must be an amount of storage, with its unit",
  'Write a number with a unit: "1GiB", "500MB"',
  0,
  true,
  "must be more than nothing",
  "^\\d+(\\.\\d+)?[KMGT]i?B$",
);

export const port: z.ZodType<number> = number({ min: 1, max: 65535, integer: true });

/** Path of a URL. It reaches configuration files, so only characters that mean nothing there are allowed. */
export const urlPath: z.ZodType<string> = pattern(
  /^\/[\w.~!$&()*+,;=:@%/?-]*$/,
  "must be a path that starts with a slash, without spaces and quotes",
  'Write "/ready", for example',
);

/** A map from variable names to values. The values may be secret in spite of all warnings: they are never shown. */
export const variables: z.ZodType<Record<string, string>> = field(
  (value) => {
    const fix = 'Write { NAME: "value" }';
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [{ problem: "must be an object of names and values", got: describeKind(value), fix }];
    }
    return Object.entries(value).flatMap(([name, content]): Fault[] => {
      const faults: Fault[] = [];
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        const rule = "Use letters, digits and underscores, and no digit first";
        faults.push({ at: [name], problem: "is no name of a variable", fix: rule });
      }
      if (typeof content !== "string") {
        faults.push({
          at: [name],
          problem: "must be text",
          got: describeKind(content),
          fix: "Write plain text, in quotes",
        });
      } else if (content.includes("\0")) {
        faults.push({ at: [name], problem: "contains a NUL character", fix: "Remove it: no variable can hold one" });
      }
      return faults;
    });
  },
  {
    type: "object",
    propertyNames: { pattern: "^[A-Za-z_]\\w*$" },
    additionalProperties: { type: "string" },
  },
);
