import { z } from "zod";
import { type Finding, seenIn } from "./finding";
import { ENVIRONMENTS, type Environment, type Severity } from "./level";
import type { Rule } from "./rule";
import { closest, problemsOf, type Settings, SettingsError } from "./settings";
import { type Fault, hygieneFinding } from "./waiver-hygiene";

/** Longest time from now to the end of a waiver, in days, by the severity of its rule. */
export const MOST_DAYS: Readonly<Record<Severity, number>> = { critical: 30, high: 90, medium: 180, low: 365 };

const pattern = z.string().min(1);

/** The reviewed file. */
const file = z.strictObject({
  waivers: z.array(
    z.strictObject({
      rule: z.string(),
      /** `*` stands for any characters; a pattern covers the whole text. */
      resource: z
        .strictObject({
          urn: pattern.optional(),
          name: pattern.optional(),
          type: pattern.optional(),
          /** Labels or tags that it has, all of them. */
          labels: z.record(z.string(), pattern).optional(),
        })
        .refine(
          ({ urn, name, type, labels }) =>
            urn !== undefined ||
            name !== undefined ||
            (type !== undefined && labels !== undefined && Object.keys(labels).length > 0),
          "needs urn, name, or type and labels: a type alone is too wide",
        ),
      /** Environments it holds in. Defaults to all. */
      environments: z.array(z.enum(ENVIRONMENTS)).min(1).optional(),
      reason: z.string().trim().min(20, "must say in at least 20 characters why the risk is taken"),
      owner: z.string().trim().min(1),
      ticket: z.string().trim().min(1),
      /** Last day, in UTC. */
      expires: z.iso.date(),
    }),
  ),
});

export type Waiver = z.infer<typeof file>["waivers"][number];

/** Waivers as a file holds them. */
export interface Waivers {
  readonly waivers: readonly Waiver[];
  /** Where they stand, for findings about them. */
  readonly file?: string;
}

/**
 * Checks a file of waivers, against the rules that exist.
 * @throws SettingsError with every problem.
 */
export function parseWaivers(input: unknown, rules: readonly Rule[], name?: string): Waivers {
  const parsed = file.safeParse(input);
  if (!parsed.success) throw new SettingsError(problemsOf(parsed.error, []));
  const ids = rules.map(({ id }) => id);
  const problems = parsed.data.waivers.flatMap(({ rule }, index) =>
    ids.includes(rule) ? [] : [`waivers.${index}.rule names no rule. ${closest(rule, ids)}`],
  );
  if (problems.length > 0) throw new SettingsError(problems);
  return { waivers: parsed.data.waivers, ...(name !== undefined && { file: name }) };
}

/** Covers findings by waivers that are in force, for as long as a run lasts. */
export class WaiverBook {
  private readonly used = new Set<Waiver>();
  private readonly covering: ReadonlyMap<string, readonly Covering[]>;

  constructor(
    private readonly book: Waivers,
    private readonly rules: readonly Rule[],
    private readonly settings: Settings,
    private readonly now: Date,
  ) {
    const inForce = book.waivers.filter((waiver) => this.applies(waiver) && !this.faults(waiver).includes("expired"));
    this.covering = Map.groupBy(inForce.map(coveringOf), ({ waiver }) => waiver.rule);
  }

  /** The finding, suppressed where a waiver covers it. */
  cover(finding: Finding): Finding {
    const found = this.covering.get(finding.rule)?.find(({ covers }) => covers(finding.resource));
    if (found === undefined) return finding;
    this.used.add(found.waiver);
    const { reason, owner, ticket, expires } = found.waiver;
    return { ...finding, suppressed: { reason, owner, ticket, expires } };
  }

  /** What is wrong with the waivers. Call it when everything has been covered, so that unmatched ones show. */
  hygiene(): Finding[] {
    return this.book.waivers.flatMap((waiver, index) => {
      if (!this.applies(waiver)) return [];
      const faults = this.faults(waiver);
      if (faults.length === 0 && !this.used.has(waiver)) faults.push("unmatched");
      return faults.map((fault) => hygieneFinding(fault, index, this.book.file));
    });
  }

  /** Whether the waiver is about this environment, and its rule looked for here. */
  private applies({ rule, environments }: Waiver): boolean {
    const { environment, levels } = this.settings;
    const level = levels[rule] ?? this.ruleOf(rule)?.levels[environment];
    return level !== "off" && (environments as Environment[] | undefined)?.includes(environment) !== false;
  }

  private faults({ rule, expires }: Waiver): Fault[] {
    const day = 24 * 60 * 60 * 1000;
    const left = Date.parse(expires) + day - this.now.getTime();
    if (left <= 0) return ["expired"];
    const most = MOST_DAYS[this.ruleOf(rule)?.severity ?? "critical"];
    // The last day counts in full.
    return left > (most + 1) * day ? ["too long"] : [];
  }

  private ruleOf(id: string): Rule | undefined {
    return this.rules.find((rule) => rule.id === id);
  }
}

interface Covering {
  waiver: Waiver;
  covers(resource: Finding["resource"]): boolean;
}

function coveringOf(waiver: Waiver): Covering {
  const { urn, name, type, labels = {} } = waiver.resource;
  const wanted = Object.entries(labels).map(([key, glob]) => ({ key, fits: globTest(glob) }));
  const tests = Object.entries({ urn, name, type }).flatMap(([field, glob]) =>
    glob === undefined ? [] : [{ field: field as "urn" | "name" | "type", fits: globTest(glob) }],
  );
  return {
    waiver,
    covers: (resource) => {
      if (!tests.every(({ field, fits }) => fits(resource[field] ?? ""))) return false;
      if (wanted.length === 0) return true;
      const own = labelsOf(resource);
      // What is not known is not what somebody has reviewed.
      return wanted.every(({ key, fits }) => {
        const value = own.map((map) => valueIn(map, key)).find((each) => each !== undefined);
        return typeof value === "string" && fits(value);
      });
    },
  };
}

/** Where resources keep their labels. */
const LABELS = [["metadata", "labels"], ["tags"], ["labels"], ["resourceLabels"]];

const labelsOf = (resource: Finding["resource"]): unknown[] =>
  LABELS.map((path) => path.reduce(valueIn, seenIn.get(resource)?.properties));

const valueIn = (map: unknown, key: string): unknown =>
  typeof map === "object" && map !== null && Object.hasOwn(map, key)
    ? (map as Record<string, unknown>)[key]
    : undefined;

/** Whether a text is the pattern, where each `*` stands for any characters. Linear in both, whatever they are. */
function globTest(glob: string): (text: string) => boolean {
  const [first = "", ...rest] = glob.split("*");
  const last = rest.pop();
  if (last === undefined) return (text) => text === glob;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}
