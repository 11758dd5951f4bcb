import {
  type Finding,
  judge,
  type Model,
  type Resource,
  type Rule,
  type Settings,
  type Stack,
  type Waivers,
} from "../../policy";
import type { Place } from "../places";
import type { Baseline } from "./baseline";
import type { Input, NotJudged } from "./input";
import { fingerprintOf, type Told } from "./told";

/** What a run found. */
export interface Report {
  environment: Settings["environment"];
  /** Resources of types that a rule knows. */
  judged: number;
  findings: readonly Told[];
  /** By type, what no rule knows: at most those for all resources looked at it. */
  notJudged: readonly (NotJudged & { count: number })[];
  /** Findings of the baseline that are no more. */
  gone: number;
  rules: readonly Rule[];
}

/** A type that nobody has, after a package: what takes it for its own knows no type in particular. */
const MADE_UP = ":headgate.invalid/v1:MadeUp";

/** Judges an input. */
export function reportOf(
  input: Input,
  rules: readonly Rule[],
  settings: Settings,
  { waivers, waiverPlace, baseline, now }: Judging,
): Report {
  const seen = new Set<Model<unknown>>();
  const findings = judge(input.resources, rules.map(watched(seen)), settings, waivers, now);
  // A finding has all of its resource but the properties: what it was made from is found by the rest.
  const resources = new Map(input.resources.map((resource) => [keyOf(resource), resource]));
  const left = new Map(baseline?.fingerprints);
  const told = findings.map((finding): Told => {
    const resource = resources.get(keyOf(finding.resource));
    const place = resource === undefined ? waiverPlace?.(finding.path) : input.place(resource, finding.path);
    const fingerprint = fingerprintOf(finding);
    const count = left.get(fingerprint) ?? 0;
    const known = count > 0 && finding.suppressed === undefined;
    if (known) left.set(fingerprint, count - 1);
    return { ...finding, fingerprint, known, ...(place !== undefined && { place }) };
  });
  const models = [...seen, ...rules.flatMap((rule) => (rule.scope === "resource" ? [rule.model] : []))];
  const looksAt = (type: string) =>
    models.some((model) => model.accepts(type) && !model.accepts(type.replace(/:.*/, MADE_UP)));
  const alien = input.resources.filter(({ type }) => !looksAt(type));
  return {
    environment: settings.environment,
    judged: input.resources.length - alien.length,
    findings: told.sort(byPlace),
    notJudged: counted([...input.notJudged, ...alien.map(withoutProperties)]),
    gone: [...left.values()].reduce((sum, count) => sum + count, 0),
    rules,
  };
}

export interface Judging {
  waivers?: Waivers;
  /** Where a path of the waivers' file stands. */
  waiverPlace?: (path: string) => Place;
  baseline?: Baseline;
  now?: Date;
}

/** A rule of all resources says what it looks at by asking for it. */
const watched =
  (seen: Set<Model<unknown>>) =>
  (rule: Rule): Rule => {
    if (rule.scope === "resource") return rule;
    return {
      ...rule,
      check: (stack: Stack, options: unknown) =>
        rule.check(
          {
            resources: stack.resources,
            of<M>(model: Model<M>) {
              seen.add(model);
              return stack.of(model);
            },
          },
          options,
        ),
    };
  };

const withoutProperties = ({ type, file = "", line }: Resource): NotJudged => ({
  type,
  file,
  ...(line !== undefined && { line }),
});

const keyOf = ({ type, name, urn, file, line }: Omit<Finding["resource"], "properties">): string =>
  JSON.stringify([type, name, urn, file, line]);

function counted(all: readonly NotJudged[]): Report["notJudged"] {
  const groups = Map.groupBy(all, ({ type, why }) => JSON.stringify([type, why]));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, count: others.length + 1 }],
  );
}

/** As they stand in the files: by file, line and column. */
function byPlace(a: Told, b: Told): number {
  const file = (told: Told) => told.resource.file ?? told.resource.urn ?? "";
  if (file(a) !== file(b)) return file(a) < file(b) ? -1 : 1;
  const at = ({ place }: Told) => (place === undefined ? 0 : place.line * 1e6 + place.column);
  return at(a) - at(b);
}
