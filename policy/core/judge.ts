import { UnknownValue } from "./cursor";
import { type Finding, seenIn } from "./finding";
import type { Level } from "./level";
import type { Outcome } from "./part";
import type { Model, Resource } from "./resource";
import type { Rule, Stack } from "./rule";
import type { Settings } from "./settings";
import { WaiverBook, type Waivers } from "./waiver";

/**
 * Findings of all rules on all resources of a stack or a set of manifests, those that waivers cover included, and
 * what is wrong with the waivers.
 */
export function judge(
  resources: readonly Resource[],
  rules: readonly Rule[],
  settings: Settings,
  waivers: Waivers = { waivers: [] },
  now = new Date(),
): Finding[] {
  const judging = new Judge(rules, settings);
  const book = new WaiverBook(waivers, rules, settings, now);
  const found = [...resources.flatMap((resource) => judging.resource(resource)), ...judging.stack(resources)];
  return [...found.map((finding) => book.cover(finding)), ...book.hygiene()];
}

/** Rules and settings, ready for resources as they come. */
export class Judge {
  private readonly byType = new Map<string, readonly Rule[]>();
  private readonly rules: readonly Rule[];

  constructor(
    rules: readonly Rule[],
    private readonly settings: Settings,
  ) {
    this.rules = rules.filter((rule) => this.levelOf(rule) !== "off");
  }

  /** Whether any rule looks at resources of this type, so that others need not be read at all. */
  concerns(type: string): boolean {
    return this.rulesFor(type).length > 0;
  }

  /** Findings of the rules that look at one resource. */
  resource(resource: Resource): Finding[] {
    const stack = new Models([resource]);
    return this.rulesFor(resource.type).flatMap((rule) => {
      if (rule.scope !== "resource") return [];
      return this.findings(rule, resource, () => {
        const model = stack.of(rule.model)[0];
        return model === undefined ? [] : rule.check(model, this.settings.options.get(rule.id));
      });
    });
  }

  /** Findings of the rules that look at all resources together. */
  stack(resources: readonly Resource[]): Finding[] {
    const stack = new Models(resources);
    return this.rules.flatMap((rule) => {
      if (rule.scope !== "stack") return [];
      const whole: Resource = { type: "pulumi:pulumi:Stack", name: "the stack", properties: {} };
      return this.findings(rule, whole, () => rule.check(stack, this.settings.options.get(rule.id)));
    });
  }

  private rulesFor(type: string): readonly Rule[] {
    let found = this.byType.get(type);
    if (found === undefined) {
      found = this.rules.filter((rule) => rule.scope === "resource" && rule.model.accepts(type));
      this.byType.set(type, found);
    }
    return found;
  }

  private levelOf(rule: Rule): Level {
    return this.settings.levels[rule.id] ?? rule.levels[this.settings.environment];
  }

  /** Runs one rule. What goes wrong in it is a finding of it, so that no fault lets a resource pass. */
  private findings(rule: Rule, whole: Resource, check: () => Iterable<Outcome>): Finding[] {
    const level = this.levelOf(rule);
    if (level === "off") return [];
    const finding = (kind: Finding["kind"], at: Resource, path: string, message: string): Finding => {
      const { properties: _, provider: __, comments: ___, ...resource } = at;
      seenIn.set(resource, at);
      const own = kind === "unknown" && this.settings.unknown === "advisory" ? "advisory" : level;
      const { id, severity, remediation, standards } = rule;
      return { rule: id, kind, level: own, severity, resource, path, message, fix: remediation, standards };
    };
    const found: Finding[] = [];
    const unknown = new Map<Resource, Set<string>>();
    const notKnown = (resource: Resource, path: string) =>
      unknown.set(resource, (unknown.get(resource) ?? new Set()).add(path));
    try {
      for (const outcome of check()) {
        const { resource } = outcome;
        if (outcome.verdict === "fail") {
          const { path, message, remedy } = outcome;
          found.push({ ...finding("violation", resource, path, message), ...(remedy && { remedy }) });
        }
        if (outcome.verdict === "unknown") notKnown(resource, outcome.path);
      }
    } catch (error) {
      if (error instanceof UnknownValue) notKnown(whole, error.path);
      // The error's own text may hold a value.
      else found.push(finding("error", whole, "", `internal error in rule ${rule.id}`));
    }
    for (const [resource, paths] of unknown) {
      const [first = ""] = paths;
      const which = [...paths].map((path) => path || "the resource").join(", ");
      found.push(finding("unknown", resource, first, `cannot be judged yet: not known before the update: ${which}`));
    }
    return found;
  }
}

/** Makes each model of each resource once. */
class Models implements Stack {
  private readonly made = new Map<Model<unknown>, readonly unknown[]>();

  constructor(readonly resources: readonly Resource[]) {}

  of<M>(model: Model<M>): readonly M[] {
    let all = this.made.get(model);
    if (all === undefined) {
      all = this.resources
        .filter(({ type }) => model.accepts(type))
        .map((resource) => model.of(resource))
        .filter((each) => each !== undefined);
      this.made.set(model, all);
    }
    // Keyed by the model that made them.
    return all as readonly M[];
  }
}
