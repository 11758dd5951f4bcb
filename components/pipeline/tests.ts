import type { PerformanceTests, TestSuite, Tests } from "../model/pipeline-tests";
import { minutesOf } from "./environments";
import { Phase, type TestJob } from "./planned-jobs";
import { toolVersion } from "./tools/tool-versions";

type Suite = TestJob["suite"];

/** The file in which Newman leaves its results. */
const newmanReport = "newman/results.xml";

/** Suites of tests, without what they need: that depends on where each runs. */
export function planTests(tests: Tests, directory: string, urlOf: (environment: string) => string | undefined) {
  const { unit, integration, api, e2e, performance, coverage } = tests;
  const jobs: TestJob[] = [];
  const add = (suite: Suite, settings: Partial<TestSuite> & { command: string }, more: Partial<TestJob> = {}): void => {
    const { environment, timeout = "30m", secrets = [], report, containers = {} } = settings;
    const baseUrl = environment === undefined ? undefined : urlOf(environment);
    jobs.push({
      kind: "test",
      id: environment === undefined ? suite : `${suite}-${environment}`,
      title: environment === undefined ? titles[suite] : `${titles[suite]} on ${environment}`,
      phase: environment === undefined ? Phase.change : Phase.deliver,
      needs: [],
      timeoutMinutes: minutesOf(timeout),
      secrets,
      suite,
      command: settings.command,
      directory: settings.directory ?? directory,
      everyVersion: suite === "unit",
      containers,
      ...(report !== undefined && { report }),
      ...(environment !== undefined && { environment }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...more,
    });
  };
  if (unit !== undefined) add("unit", unit, coverage === undefined ? {} : { coverage: planCoverage(coverage) });
  if (integration !== undefined) add("integration", integration);
  if (api !== undefined) {
    const { collection, variables, ...rest } = api;
    const given = variables === undefined ? "" : ` --environment ${quoted(variables)}`;
    const address = api.environment === undefined ? "" : ' --env-var "baseUrl=$BASE_URL"';
    const command =
      `npx --yes newman@${toolVersion("newman")} run ${quoted(collection)}${given}${address}` +
      ` --reporters cli,junit --reporter-junit-export ${newmanReport}`;
    add("api", { ...rest, command, report: newmanReport });
  }
  if (e2e !== undefined) add("e2e", e2e);
  if (performance !== undefined) add("performance", performance, { comparison: planComparison(performance) });
  return jobs;
}

const titles: Record<Suite, string> = {
  unit: "Unit tests",
  integration: "Integration tests",
  api: "API tests",
  e2e: "End-to-end tests",
  performance: "Performance tests",
};

const planCoverage = ({ report, minimum = 0, upload = "artifact" }: NonNullable<Tests["coverage"]>) => ({
  report,
  minimumPercent: minimum,
  upload,
});

const planComparison = ({ report, maxRegression = 5, baseline = "branch" }: PerformanceTests) => ({
  report,
  maxRegressionPercent: maxRegression,
  baseline,
});

/** A word that a shell takes as it is. */
export const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
