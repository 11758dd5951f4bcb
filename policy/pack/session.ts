import type { Finding } from "../core/finding";
import { Judge } from "../core/judge";
import type { Severity } from "../core/level";
import { remediate } from "../core/remedy";
import type { Resource } from "../core/resource";
import type { Rule } from "../core/rule";
import { WaiverBook } from "../core/waiver";
import { packConfig, problemText, type Told } from "./config";
import { opened, plainOf, readFields, type WireResource } from "./wire";

/** What is told of one violation. */
export interface Violation {
  rule: string;
  description: string;
  message: string;
  urn?: string;
  severity?: Severity;
  enforcement: "advisory" | "mandatory";
}

/** The policy that is no rule: it has the settings of all, and tells what is wrong with them. */
export const POLICY = { name: "headgate", description: "Headgate's rules for what may be delivered." };

/**
 * What the pack answers in one run. A mandatory finding takes the level that the engine has for the policy `headgate`,
 * which is mandatory unless its configuration says less; an advisory one stays advisory.
 */
export class Session {
  private readonly judge: Judge;
  private readonly book: WaiverBook;
  private readonly hasWaivers: boolean;
  private readonly remediated: ReadonlySet<string>;
  private readonly titles: ReadonlyMap<string, string>;
  /** What is wrong with the configuration, until it is told. */
  private problems: readonly string[];

  constructor(
    rules: readonly Rule[],
    private readonly told: Told,
  ) {
    const { settings, waivers, remediated, problems } = packConfig(told, rules);
    this.judge = new Judge(rules, settings);
    this.book = new WaiverBook(waivers, rules, settings, new Date());
    this.hasWaivers = waivers.waivers.length > 0;
    // By settings that are not what somebody meant nothing is added.
    this.remediated = problems.length > 0 ? new Set() : remediated;
    this.titles = new Map(rules.map(({ id, title }) => [id, title]));
    this.problems = problems;
  }

  resource(sent: WireResource): Violation[] {
    if (this.told.enforcement === "disabled") return [];
    const wrong = this.wrongConfiguration();
    if (!this.judge.concerns(sent.type)) return wrong;
    const found = this.judge.resource(resourceOf(sent)).map((finding) => this.violation(this.book.cover(finding)));
    return [...wrong, ...found];
  }

  stack(sent: readonly WireResource[]): Violation[] {
    if (this.told.enforcement === "disabled") return [];
    const wrong = this.wrongConfiguration();
    const resources = sent.map(resourceOf);
    const found = this.judge.stack(resources).map((finding) => this.violation(this.book.cover(finding)));
    if (!this.hasWaivers) return [...wrong, ...found];
    // Resources that this run left alone were not judged one by one: their waivers are needed all the same.
    for (const resource of resources) for (const finding of this.judge.resource(resource)) this.book.cover(finding);
    return [...wrong, ...found, ...this.book.hygiene().map((finding) => this.violation(finding))];
  }

  /**
   * The properties with what their rules say is missing, as they go back over the wire; undefined where nothing is.
   * The engine asks before it has the resource judged.
   */
  remediate(sent: WireResource): Record<string, unknown> | undefined {
    const { remediated, judge } = this;
    const { enforcement } = this.told;
    if (enforcement === "disabled" || remediated.size === 0 || !judge.concerns(sent.type)) return undefined;
    const findings = judge
      .resource(resourceOf(sent))
      .filter((finding) => remediated.has(finding.rule) && this.book.cover(finding).suppressed === undefined);
    // What is secret stays so.
    const properties = readFields(sent.properties);
    return remediate(properties, findings, opened).length > 0 ? properties : undefined;
  }

  /** Told once. */
  private wrongConfiguration(): Violation[] {
    const { problems } = this;
    this.problems = [];
    if (problems.length === 0) return [];
    const message = `${POLICY.description}\n${problemText(problems)}`;
    return [{ rule: POLICY.name, description: POLICY.description, message, enforcement: this.enforcement }];
  }

  private violation(finding: Finding): Violation {
    const { rule, severity, resource, level, suppressed } = finding;
    return {
      rule,
      description: this.titles.get(rule) ?? rule,
      message: textOf(finding),
      severity,
      ...(resource.urn !== undefined && { urn: resource.urn }),
      enforcement: level === "advisory" || suppressed !== undefined ? "advisory" : this.enforcement,
    };
  }

  /** What was not remediated is still a violation. */
  private get enforcement(): "advisory" | "mandatory" {
    return this.told.enforcement === "advisory" ? "advisory" : "mandatory";
  }
}

/** Read when a rule asks for it. */
function resourceOf({ type, name, urn, properties, provider }: WireResource): Resource {
  let plain: unknown;
  return {
    type,
    name,
    urn,
    get properties() {
      plain ??= plainOf(readFields(properties));
      return plain;
    },
    get provider() {
      return provider === undefined ? undefined : plainOf(readFields(provider));
    },
  };
}

function textOf({ path, message, fix, kind, suppressed }: Finding): string {
  const where = path === "" || kind === "unknown" ? "" : `${path}: `;
  const waived =
    suppressed === undefined ? "" : ` Waived until ${suppressed.expires}, ${suppressed.ticket}: ${suppressed.reason}.`;
  return `${where}${message}. ${fix}${waived}`;
}
