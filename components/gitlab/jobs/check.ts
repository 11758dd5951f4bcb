import { type CommandsJob, type ScanJob, Scanner, type TestJob } from "../../pipeline/planned-jobs";
import { needPackages, scanCommands } from "../../pipeline/scans";
import { coverageScript } from "../../pipeline/scripts/coverage";
import { performanceScript } from "../../pipeline/scripts/performance";
import { atLeast } from "../../pipeline/severity";
import { quoted } from "../../pipeline/tests";
import type { Artifacts, CiJob, Need, Rule, Service } from "../ci-file";
import { type Emitter, inFolder } from "../emitter";
import { needPrograms, needVariables, setUp, setUpGo } from "../setup";
import { command, step } from "../shell";

/** Lint and types. Every command tells what it found, also after another one failed. */
export function commandsJob(emitter: Emitter, job: CommandsJob, rules: readonly Rule[]): CiJob {
  const { directory, toolchain } = emitter.plan;
  return emitter.job({
    stage: "check",
    image: emitter.image("toolchain"),
    rules,
    timeoutMinutes: job.timeoutMinutes,
    interruptible: true,
    ...emitter.cache(directory),
    before_script: setUp(toolchain, { directory, cached: true }),
    script: [
      "outcome=0",
      ...job.commands.map(
        ({ title, run }) => `set +e
${step({ title, directory, run: command(run) })}
if [ "$?" != 0 ]; then outcome=1; fi
set -e`,
      ),
      'exit "$outcome"',
    ],
  });
}

/** A suite of tests. */
export function testJob(emitter: Emitter, job: TestJob, rules: readonly Rule[], needs: readonly Need[] = []): CiJob {
  const { plan } = emitter;
  const versions = job.everyVersion ? versionsOf(emitter) : {};
  const cached = job.environment === undefined;
  const values = { ...(job.baseUrl !== undefined && { BASE_URL: job.baseUrl }) };
  const artifacts = artifactsOf(emitter, job);
  return emitter.job({
    stage: job.environment === undefined ? "check" : "deploy",
    image: emitter.image("toolchain"),
    rules,
    needs,
    timeoutMinutes: job.timeoutMinutes,
    interruptible: cached,
    secrets: job.secrets,
    ...(Object.keys(versions).length > 0 && { parallel: { matrix: [versions] } }),
    ...(Object.keys(job.containers).length > 0 && { services: services(job) }),
    ...(cached && emitter.cache(plan.directory)),
    before_script: [
      ...needVariables(job.secrets),
      ...(job.comparison === undefined ? [] : [needPrograms("curl", "jq")]),
      ...setUp(plan.toolchain, {
        directory: plan.directory,
        cached,
        ...(versions["NODE_VERSION"] !== undefined && { node: '"$NODE_VERSION"' }),
        ...(versions["PYTHON_VERSION"] !== undefined && { python: '"$PYTHON_VERSION"' }),
      }),
    ],
    script: [
      step({ title: "Run the tests", values, directory: job.directory, run: command(job.command) }),
      ...coverageSteps(job, versions),
      ...comparisonSteps(emitter, job),
    ],
    ...(job.coverage !== undefined && { coverage: "/^Coverage: (\\d+(?:\\.\\d+)?) %/" }),
    ...(artifacts !== undefined && { artifacts }),
  });
}

/** Versions of each language that has more than one, by the variable that holds the one of this run. */
function versionsOf({ plan: { toolchain } }: Emitter): Record<string, readonly string[]> {
  const { node, python } = toolchain;
  return {
    ...(node !== undefined && node.versions.length > 1 && { NODE_VERSION: node.versions }),
    ...(python !== undefined && python.versions.length > 1 && { PYTHON_VERSION: python.versions }),
  };
}

/** Containers beside the job, reached by their names. GitLab would take a dollar sign for a variable. */
const services = ({ containers }: TestJob): Service[] =>
  Object.entries(containers).map(([alias, { image, env = {} }]) => ({
    name: image,
    alias,
    ...(Object.keys(env).length > 0 && {
      variables: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll("$", "$$$$")])),
    }),
  }));

function coverageSteps(
  { coverage, directory }: TestJob,
  versions: Readonly<Record<string, readonly string[]>>,
): string[] {
  if (coverage === undefined) return [];
  const check = step({
    title: "Check the coverage",
    values: { REPORT: inFolder(directory, coverage.report), MINIMUM: String(coverage.minimumPercent) },
    run: coverageScript,
  });
  const main = Object.entries(versions).map(([name, [version = ""]]) => `[ "$${name}" = ${quoted(version)} ]`);
  return [main.length === 0 ? check : `# Once, not for every version\nif ${main.join(" && ")}; then\n${check}\nfi`];
}

/** Figures are compared with those of the last good run of the production branch. */
function comparisonSteps({ plan }: Emitter, job: TestJob): string[] {
  const { comparison, directory, id } = job;
  if (comparison === undefined) return [];
  const report = inFolder(directory, comparison.report);
  return [
    step({
      title: "Fetch the earlier figures",
      values: { REPORT: report, JOB: id, BRANCH: plan.branches.production },
      run: fetchScript,
    }),
    step({
      title: "Compare the figures",
      values: { REPORT: report, MAX_REGRESSION: String(comparison.maxRegressionPercent) },
      words: { BASELINE: "$WORK/baseline.json" },
      run: performanceScript,
    }),
  ];
}

const fetchScript = `set -euo pipefail
encode() { jq -rn --arg text "$1" '$text | @uri'; }
file=$(jq -rn --arg text "$REPORT" '$text | split("/") | map(@uri) | join("/")')
status=$(curl --silent --show-error --output "$WORK/baseline.json" --write-out '%{http_code}' --max-time 60 \\
  --header "JOB-TOKEN: $CI_JOB_TOKEN" \\
  "$CI_API_V4_URL/projects/$CI_PROJECT_ID/jobs/artifacts/$(encode "$BRANCH")/raw/$file?job=$(encode "$JOB")")
case "$status" in
  200) ;;
  404) rm -f "$WORK/baseline.json" ;;
  *) echo "The earlier figures cannot be fetched: GitLab answered $status." >&2; exit 1 ;;
esac
`;

function artifactsOf({ plan }: Emitter, job: TestJob): Artifacts | undefined {
  const { report, coverage, comparison, directory } = job;
  const cobertura = coverage?.report.endsWith(".xml") === true;
  const results = report === undefined ? undefined : inFolder(directory, report);
  const paths = [
    ...(results === undefined ? [] : [results]),
    ...(coverage === undefined ? [] : [inFolder(directory, coverage.report)]),
    ...(comparison === undefined ? [] : [inFolder(directory, comparison.report)]),
  ];
  if (paths.length === 0) return undefined;
  return {
    when: "always",
    expire_in: `${plan.keepArtifactsDays} days`,
    paths: [...new Set(paths)],
    ...((results !== undefined || cobertura) && {
      reports: {
        ...(results !== undefined && { junit: results }),
        ...(cobertura && {
          coverage_report: { coverage_format: "cobertura" as const, path: inFolder(directory, coverage.report) },
        }),
      },
    }),
  };
}

/** Scanners that work on GitLab; the others are GitHub's own. */
export const worksOnGitlab = (scanner: Scanner): boolean =>
  scanner !== Scanner.codeql && scanner !== Scanner.dependencyReview && scanner !== Scanner.workflows;

/** A scan. What it finds fails the job. */
export function scanJob(emitter: Emitter, job: ScanJob, rules: readonly Rule[]): CiJob {
  const { plan } = emitter;
  const { directory, security, toolchain } = plan;
  const common = { stage: "check" as const, rules, timeoutMinutes: job.timeoutMinutes, interruptible: true };
  if (job.scanner === Scanner.trivyFiles || job.scanner === Scanner.trivyConfiguration) {
    const kind = job.scanner === Scanner.trivyFiles ? "fs" : "config";
    const severity = atLeast(security.threshold).join(",").toUpperCase();
    return emitter.job({
      ...common,
      image: { name: emitter.image("trivy"), entrypoint: [""] },
      script: [`trivy ${kind} --quiet --exit-code 1 --severity ${severity} ${quoted(directory)}`],
    });
  }
  const packages = needPackages.includes(job.scanner);
  const history = job.scanner === Scanner.gitleaks;
  const before = [
    ...needVariables(job.secrets),
    ...(history ? setUpGo : []),
    ...(packages ? setUp(toolchain, { directory, cached: true }) : []),
    ...(packages || history ? [] : [needPrograms("python3")]),
  ];
  return emitter.job({
    ...common,
    image: emitter.image("toolchain"),
    secrets: job.secrets,
    ...(packages && emitter.cache(directory)),
    ...(history && { variables: { GIT_DEPTH: "0" } }),
    before_script: before,
    script: scanCommands(job.scanner, plan).map(({ title, run }) =>
      step({ title, directory: history ? "." : directory, run }),
    ),
  });
}

/** Starts when everything before it succeeded, and only then: what comes after waits for it alone. */
export const gateJob = (emitter: Emitter, needs: readonly string[], rules: readonly Rule[]): CiJob =>
  emitter.job({
    stage: "gate",
    image: emitter.image("toolchain"),
    rules,
    needs: needs.map((job) => ({ job, artifacts: false })),
    timeoutMinutes: 5,
    script: ['echo "Every job succeeded."'],
  });
