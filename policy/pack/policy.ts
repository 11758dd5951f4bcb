import type {
  EnforcementLevel,
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Finding } from "../core/finding";
import { Judge } from "../core/judge";
import { remediate } from "../core/remedy";
import type { Resource } from "../core/resource";
import type { Rule } from "../core/rule";
import { WaiverBook } from "../core/waiver";
import { CONFIG_SCHEMA, ENVIRONMENT_TAG, packConfig, problemText } from "./config";
import { unwrap } from "./unwrap";

/** What the SDK's server takes besides a text: a violation under another policy's name. Its types do not tell. */
interface Violation {
  name: string;
  description: string;
  message: string;
  urn?: string;
  severity: Severity;
  enforcementLevel?: EnforcementLevel;
}

interface Session {
  judge: Judge;
  book: WaiverBook;
  hasWaivers: boolean;
  remediated: ReadonlySet<string>;
  /** What is wrong with the configuration, until it is told. */
  problems: readonly string[];
}

interface Call {
  getConfig<T extends object>(): T;
  readonly stackTags: ReadonlyMap<string, string>;
}

/**
 * All rules as one policy, so that a resource is read once and not once for each rule. A violation carries its
 * rule's name and severity. A mandatory one takes the level that the engine has for this policy, which is mandatory
 * unless its configuration says less; an advisory one stays advisory.
 */
export function policyOf(rules: readonly Rule[]): ResourceValidationPolicy & StackValidationPolicy {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  let session: Session | undefined;

  /** The configuration is the same for every call of a run. */
  function configured(args: Call): Session {
    if (session !== undefined) return session;
    const config = packConfig(args.getConfig(), args.stackTags.get(ENVIRONMENT_TAG), rules);
    const { settings, waivers, remediated, problems } = config;
    session = {
      judge: new Judge(rules, settings),
      book: new WaiverBook(waivers, rules, settings, new Date()),
      hasWaivers: waivers.waivers.length > 0,
      remediated,
      problems,
    };
    return session;
  }

  /** What is wrong with the configuration is told once. */
  function begin(args: Call, report: ReportViolation): Session {
    const current = configured(args);
    if (current.problems.length > 0) report(problemText(current.problems));
    current.problems = [];
    return current;
  }

  function tell(finding: Finding, report: ReportViolation): void {
    const violation: Violation = {
      name: finding.rule,
      description: titles.get(finding.rule) ?? finding.rule,
      message: textOf(finding),
      severity: finding.severity,
      ...(finding.resource.urn !== undefined && { urn: finding.resource.urn }),
      ...((finding.level === "advisory" || finding.suppressed !== undefined) && { enforcementLevel: "advisory" }),
    };
    report(violation as unknown as string);
  }

  return {
    name: "headgate",
    description: "Headgate's rules for what may be delivered.",
    enforcementLevel: "mandatory",
    configSchema: CONFIG_SCHEMA as unknown as NonNullable<ResourceValidationPolicy["configSchema"]>,
    /** The engine asks for it where this policy's level is `remediate`, before it has the resource judged. */
    remediateResource(args) {
      const { judge, book, remediated, problems } = configured(args);
      // The SDK loses what archives hold in what it gives back; objects in a cluster have none.
      if (problems.length > 0 || !args.type.startsWith("kubernetes:") || !judge.concerns(args.type)) return undefined;
      const findings = judge
        .resource(resourceOf(args))
        .filter((finding) => remediated.has(finding.rule) && book.cover(finding).suppressed === undefined);
      // Its proxies keep what is secret so.
      return remediate(args.props, findings).length > 0 ? args.props : undefined;
    },
    validateResource(args, report) {
      const { judge, book } = begin(args, report);
      if (!judge.concerns(args.type)) return;
      for (const finding of judge.resource(resourceOf(args))) tell(book.cover(finding), report);
    },
    validateStack(args, report) {
      const { judge, book, hasWaivers } = begin(args, report);
      const resources = args.resources.map(resourceOf);
      for (const finding of judge.stack(resources)) tell(book.cover(finding), report);
      if (!hasWaivers) return;
      // Resources that this run left alone were not judged one by one: their waivers are needed all the same.
      for (const resource of resources) for (const finding of judge.resource(resource)) book.cover(finding);
      for (const finding of book.hygiene()) tell(finding, report);
    },
  };
}

/** Read when a rule asks for it. */
function resourceOf(resource: Pick<PolicyResource, "type" | "name" | "urn" | "props" | "provider">): Resource {
  const { type, name, urn, props } = resource;
  let plain: unknown;
  return {
    type,
    name,
    urn,
    get properties() {
      plain ??= unwrap(props);
      return plain;
    },
    get provider() {
      return unwrap(resource.provider?.props);
    },
  };
}

function textOf({ path, message, fix, kind, suppressed }: Finding): string {
  const where = path === "" || kind === "unknown" ? "" : `${path}: `;
  const waived =
    suppressed === undefined ? "" : ` Waived until ${suppressed.expires}, ${suppressed.ticket}: ${suppressed.reason}.`;
  return `${where}${message}. ${fix}${waived}`;
}
