import type { Objectives } from "../../model/objectives";
import { Gate } from "../../model/release";
import type { Service } from "../../model/service";
import type { KubernetesRelease } from "../../release/compile/kubernetes";
import type { JudgeTemplate } from "../../release/compile/kubernetes-judge";
import type { Router } from "../../release/compile/target";
import { isSequential } from "../../release/judges";
import type { ReleasePlan } from "../../release/plan";
import { countsPromql } from "../../release/sequential/promql-rates";
import { type AnalysisMetric, type AnalysisTemplateSpec, ERROR_RETRY_SECONDS, UNLIMITED } from "./argo-analysis";
import type { CountersArgs } from "./counters";
import { badConditions, errorLimit, gateConditions, looksWithin } from "./decision";
import { judgedPromql, standingPromql } from "./judged";
import type { JudgedPromql } from "./judged-promql";
import { judgedSeconds, lookSeconds } from "./look";
import { type ReleaseSelectors, selectorsOf } from "./selectors";

/** What the templates of a release are written from. */
export interface TemplatesInput {
  /** The release as it was compiled. */
  release: KubernetesRelease;
  /** The release as it was asked for. */
  plan: ReleasePlan;
  name: string;
  namespace: string;
  /** Port of the service's Services, 1 to 65535. */
  port: number;
  router: Router;
  counters?: CountersArgs;
  objectives: Objectives;
  service: Service;
  /** Address of Prometheus as the cluster sees it; empty: the controller's own, from its environment. */
  prometheus: string;
  /** Time between two scrapes of the counters, above 0. */
  scrapeSeconds: number;
}

/** An AnalysisTemplate. */
export interface NamedTemplate {
  name: string;
  spec: AnalysisTemplateSpec;
}

/** Longest time for an answer of Prometheus: what takes longer counts as none. */
const TIMEOUT_SECONDS = 20;
/** Numbers that are kept in a run: those of the steps before, too. */
const KEPT = 50;

/**
 * The AnalysisTemplates of a release, with the queries of its rule.
 *
 * | metric | in | its value | decides |
 * |---|---|---|---|
 * | `evidence` | release, bake | evidence against the new version | when it is bad, at once |
 * | `evidence` | verdict | the same | that the hold is over, when it is surely well |
 * | `gate`, `wait` | gate, bake | where the release stands, see decision.ts | whether the next step opens |
 * | `new-requests`, `new-failed`, `old-requests`, `old-failed`, and `new-slow`, `old-slow` | all but verdict | requests that were judged | nothing |
 *
 * An analysis in Argo ends well only when all of its metrics have ended, those too that decide nothing. So numbers are
 * read once in a gate, and in a bake as often as it looks.
 */
export function analysisTemplates(input: TemplatesInput): NamedTemplate[] {
  const { release, plan, prometheus, scrapeSeconds } = input;
  if (release.judgeTemplates.length === 0) return [];
  const look = lookSeconds(plan, scrapeSeconds);
  const selectors = selectorsOf(input, scrapeSeconds);
  const times = { scrapeSeconds, rolloutSeconds: judgedSeconds(plan, scrapeSeconds), lookSeconds: look };
  const judged = judgedPromql(plan, selectors, times);
  const context: Context = {
    plan,
    judged,
    standing: standingPromql(judged, selectors.arriving),
    numbers: numbersOf(plan, selectors, times),
    look,
    metric: (name, query, rest) => ({
      name,
      ...rest,
      provider: {
        prometheus: { ...(prometheus !== "" && { address: prometheus }), query, timeout: TIMEOUT_SECONDS },
      },
    }),
  };
  return release.judgeTemplates.map((template) => ({ name: template.name, spec: specOf(template, context) }));
}

interface Context {
  plan: ReleasePlan;
  judged: JudgedPromql;
  standing: string;
  /** Queries of numbers by the names of their metrics. */
  numbers: [name: string, query: string][];
  look: number;
  metric: (name: string, query: string, rest: Omit<AnalysisMetric, "name" | "provider">) => AnalysisMetric;
}

function specOf(template: JudgeTemplate, context: Context): AnalysisTemplateSpec {
  const { plan, judged, numbers, look, metric } = context;
  const { evidence, failAt, passAt } = judged;
  const { whenBad, waitSeconds } = template;
  const consecutiveErrorLimit = errorLimit(template, waitSeconds);
  const read = (rest: Omit<AnalysisMetric, "name" | "provider">) =>
    numbers.map(([name, query]) => metric(name, query, rest));
  const names = numbers.map(([name]) => name);
  switch (template.use) {
    case "release": {
      // Without a count until the release ends; without an answer nothing is said, and the next gate stays closed.
      const rest = { interval: `${look}s`, consecutiveErrorLimit: UNLIMITED };
      const bad = metric("evidence", evidence, { ...rest, ...badConditions(whenBad, failAt, passAt) });
      return specWith(template, [bad, ...read(rest)], names);
    }
    case "gate": {
      // Its evidence is that of the release, which looks at the same time; a query is long enough.
      return specWith(
        template,
        [...gateMetrics(template, context), ...read({ count: 1, consecutiveErrorLimit })],
        names,
      );
    }
    case "verdict": {
      const holds = plan.steps.filter(({ gate }) => gate === Gate.verdict).map(({ holdSeconds }) => holdSeconds);
      const sure = metric("evidence", evidence, {
        ...TIMED,
        successCondition: passAt === undefined ? "false" : `result[0] <= ${passAt}`,
        consecutiveSuccessLimit: 1,
        // A look that is not sure changes nothing.
        failureLimit: -1,
        consecutiveErrorLimit: Math.ceil(Math.max(...holds) / ERROR_RETRY_SECONDS),
      });
      return specWith(template, [sure], ["evidence"]);
    }
    case "bake": {
      const bad = metric("evidence", evidence, { ...TIMED, ...badConditions(whenBad, failAt), consecutiveErrorLimit });
      const initialDelay = `${Math.ceil(plan.bakeSeconds)}s`;
      const gate = gateMetrics(template, context).map((one) => ({ ...one, initialDelay }));
      return specWith(template, [bad, ...gate, ...read({ ...TIMED, consecutiveErrorLimit })], names);
    }
  }
}

/**
 * Values of arguments that Argo's check of a Rollout puts in; the Rollout gives its own. Without them the check finds
 * times that are none (setArgValuePlaceHolder in validation_references.go).
 */
const USUAL: Readonly<Record<string, { value: string }>> = { looks: { value: "5" }, interval: { value: "60s" } };

/** Looks at the times that the Rollout gives. */
const TIMED = { initialDelay: "{{args.interval}}", interval: "{{args.interval}}", count: "{{args.looks}}" };

function gateMetrics(template: JudgeTemplate, { look, metric, standing }: Context): AnalysisMetric[] {
  const { waitSeconds } = template;
  const conditions = gateConditions(template, looksWithin(waitSeconds, look));
  const rest = { interval: `${look}s`, consecutiveErrorLimit: errorLimit(template, waitSeconds) };
  return [
    metric("gate", standing, { ...rest, ...conditions.gate }),
    metric("wait", standing, { ...rest, ...conditions.wait }),
  ];
}

function specWith({ args }: JudgeTemplate, metrics: AnalysisMetric[], dry: readonly string[]): AnalysisTemplateSpec {
  return {
    args: args.map(({ name }) => ({ name, ...USUAL[name] })),
    metrics,
    dryRun: dry.map((name) => ({ metricName: `^${name}$` })),
    measurementRetention: metrics.map(({ name }) => ({ metricName: `^${name}$`, limit: KEPT })),
  };
}

/** Requests of both versions that the verdict rests on. */
function numbersOf(
  { rule }: ReleasePlan,
  { canary, stable }: ReleaseSelectors,
  { scrapeSeconds, rolloutSeconds }: { scrapeSeconds: number; rolloutSeconds: number },
): Context["numbers"] {
  const warmUpSeconds = isSequential(rule) ? rule.warmUpSeconds : 0;
  const counts = (kind: "errors" | "slow") => {
    const [fresh, old] = [canary[kind], stable[kind]];
    if (fresh === undefined || old === undefined) return undefined;
    return countsPromql({ canary: fresh, stable: old, scrapeSeconds, lookbackSeconds: rolloutSeconds, warmUpSeconds });
  };
  const [errors, slow] = [counts("errors"), counts("slow")];
  return [
    ...(errors === undefined ? [] : entries("requests", "total", errors)),
    ...(errors === undefined ? [] : entries("failed", "bad", errors)),
    ...(slow === undefined ? [] : entries("slow", "bad", slow)),
  ];
}

function entries(
  what: string,
  part: "total" | "bad",
  { canary, stable }: ReturnType<typeof countsPromql>,
): Context["numbers"] {
  return [
    [`new-${what}`, canary[part]],
    [`old-${what}`, stable[part]],
  ];
}
