import type { TestJob } from "../../pipeline/planned-jobs";
import { coverageScript } from "../../pipeline/scripts/coverage";
import { performanceScript } from "../../pipeline/scripts/performance";
import { resultsScript } from "../../pipeline/scripts/results";
import type { Emitter } from "./emitter";
import { all, concat, type Evaluated, expression, onBranches } from "./expression";
import { readSources } from "./permissions";
import { secretsEnvironment, secretVariables } from "./registry";
import { checkout, inFolder, keep, setup, workFolder } from "./setup";
import type { Permissions, Step, StepsJob } from "./workflow";

/** The branch of the repository that keeps the figures which performance tests compare with. */
export const baselineBranch = "headgate-baseline";
/** Name under which a run keeps its figures. */
export const figuresOf = (job: TestJob): string => `${job.id}-figures`;

const current = { node: expression`matrix.node`, python: expression`matrix.python` };
type Matrix = Partial<Record<keyof typeof current, readonly string[]>>;

/** A suite of tests. */
export function testJob(emitter: Emitter, job: TestJob): StepsJob {
  const { plan } = emitter;
  const matrix = job.everyVersion ? matrixOf(emitter) : {};
  const languages = Object.keys(matrix) as (keyof Matrix)[];
  const suffix = languages.flatMap((language) => ["-", current[language]]);
  return {
    name: job.title,
    permissions: { ...readSources, ...sendsToCodecov(job) },
    runsOn: plan.runners.githubLabel,
    timeoutMinutes: job.timeoutMinutes,
    ...secretsEnvironment(job.secrets),
    ...(languages.length > 0 && { matrix: { failFast: false, values: matrix } }),
    services: Object.fromEntries(
      Object.entries(job.containers).map(([name, { image, env = {} }]) => [
        name,
        { image, ...(Object.keys(env).length > 0 && { env }) },
      ]),
    ),
    steps: [
      checkout(emitter),
      ...setup(emitter, plan.toolchain, {
        directory: plan.directory,
        cached: job.environment === undefined && emitter.mayCache,
        ...(matrix.node !== undefined && { node: current.node }),
        ...(matrix.python !== undefined && { python: current.python }),
      }),
      ...containerNames(job),
      {
        name: "Run the tests",
        workingDirectory: job.directory,
        env: { ...(job.baseUrl !== undefined && { BASE_URL: job.baseUrl }), ...secretVariables(job.secrets) },
        run: job.command,
      },
      ...coverageSteps(
        emitter,
        job,
        languages.map((language) => isMain(language, matrix[language]?.[0] ?? "")),
      ),
      ...comparisonSteps(emitter, job),
      ...(job.report === undefined
        ? []
        : [
            {
              name: "Show the results",
              if: expression`!cancelled()`,
              env: { REPORT: inFolder(job.directory, job.report) },
              run: resultsScript.replaceAll('"$SUMMARY"', '"$GITHUB_STEP_SUMMARY"'),
            },
            keep(emitter, concat(`${job.id}-results`, ...suffix), inFolder(job.directory, job.report), {
              if: expression`!cancelled()`,
              with: { "if-no-files-found": "warn" },
            }),
          ]),
    ],
  };
}

const isMain = (language: keyof Matrix, version: string): Evaluated => expression`${current[language]} == ${version}`;

/** Versions of each language that has more than one. */
function matrixOf({ plan: { toolchain } }: Emitter): Matrix {
  const { node, python } = toolchain;
  return {
    ...(node !== undefined && node.versions.length > 1 && { node: node.versions }),
    ...(python !== undefined && python.versions.length > 1 && { python: python.versions }),
  };
}

/** Containers beside a job have addresses but no names on the machine itself. */
function containerNames({ containers }: TestJob): Step[] {
  return Object.keys(containers).map((name) => ({
    name: `Name the container ${name}`,
    env: { CONTAINER: expression`job.services[${name}].id`, NAME: name },
    run: `address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$CONTAINER")
echo "$address $NAME" | sudo tee --append /etc/hosts`,
  }));
}

const sendsToCodecov = ({ coverage }: TestJob): Permissions =>
  coverage?.upload === "codecov" ? { "id-token": { access: "write", why: "send coverage to Codecov" } } : {};

function coverageSteps(emitter: Emitter, job: TestJob, once: readonly Evaluated[]): Step[] {
  const { coverage, directory } = job;
  if (coverage === undefined) return [];
  const onlyOnce = once.length === 0 ? {} : { if: all(once) };
  const report = inFolder(directory, coverage.report);
  return [
    {
      name: "Check the coverage",
      ...onlyOnce,
      env: { REPORT: report, MINIMUM: String(coverage.minimumPercent) },
      run: coverageScript,
    },
    coverage.upload === "codecov"
      ? {
          name: "Send the coverage to Codecov",
          ...onlyOnce,
          uses: emitter.use("codecov/codecov-action"),
          with: { files: report, use_oidc: true, fail_ci_if_error: true },
        }
      : keep(emitter, `${job.id}-coverage`, report, { ...onlyOnce, name: "Keep the coverage" }),
  ];
}

/** Figures are compared with those of the production branch, and become the next ones there. */
function comparisonSteps(emitter: Emitter, job: TestJob): Step[] {
  const { comparison, directory, id } = job;
  if (comparison === undefined) return [];
  const report = inFolder(directory, comparison.report);
  const baseline = concat(workFolder, `/${id}.json`);
  const inCache = comparison.baseline === "cache";
  const key = `${id}-figures-`;
  const read: Step = inCache
    ? {
        name: "Fetch the earlier figures",
        uses: emitter.use("actions/cache/restore"),
        with: { path: baseline, key: concat(key, expression`github.run_id`), "restore-keys": key },
      }
    : {
        name: "Fetch the earlier figures",
        env: { GH_TOKEN: expression`github.token`, BASELINE: baseline, FILE: `${id}.json`, BRANCH: baselineBranch },
        run: readBaseline,
      };
  const onProduction = onBranches([emitter.plan.branches.production]);
  const write: Step[] = inCache
    ? [
        {
          name: "Keep the figures for later runs",
          if: onProduction,
          env: { REPORT: report, BASELINE: baseline },
          run: 'mkdir -p "$(dirname "$BASELINE")"\ncp "$REPORT" "$BASELINE"',
        },
        {
          name: "Keep them in the cache",
          if: onProduction,
          uses: emitter.use("actions/cache/save"),
          with: { path: baseline, key: concat(key, expression`github.run_id`) },
        },
      ]
    : [];
  return [
    read,
    {
      name: "Compare the figures",
      env: { REPORT: report, BASELINE: baseline, MAX_REGRESSION: String(comparison.maxRegressionPercent) },
      run: performanceScript,
    },
    ...write,
    keep(emitter, figuresOf(job), report, { name: "Keep the figures", if: expression`!cancelled()` }),
  ];
}

const readBaseline = `set -euo pipefail
mkdir -p "$(dirname "$BASELINE")"
if ! gh api "repos/$GITHUB_REPOSITORY/contents/$FILE?ref=$BRANCH" --header 'Accept: application/vnd.github.raw+json' \\
  > "$BASELINE" 2> "$BASELINE.log"; then
  rm -f "$BASELINE"
  if ! grep -q 'HTTP 404' "$BASELINE.log"; then cat "$BASELINE.log" >&2; exit 1; fi
fi
`;

/** Writes the figures of this run to the branch that keeps them. */
export function keepFiguresJob(emitter: Emitter, tests: readonly TestJob[], needs: readonly string[]): StepsJob {
  return {
    name: "Keep the figures",
    needs,
    if: onBranches([emitter.plan.branches.production]),
    permissions: { contents: { access: "write", why: "write the figures to their branch" } },
    runsOn: emitter.plan.runners.githubLabel,
    timeoutMinutes: 5,
    steps: tests.flatMap((job): Step[] => [
      {
        name: `Fetch the figures of ${job.id}`,
        uses: emitter.use("actions/download-artifact"),
        with: { name: figuresOf(job), path: concat(workFolder, `/${job.id}`) },
      },
      {
        name: `Write the figures of ${job.id}`,
        env: {
          GH_TOKEN: expression`github.token`,
          FOLDER: concat(workFolder, `/${job.id}`),
          FILE: `${job.id}.json`,
          BRANCH: baselineBranch,
        },
        run: writeBaseline,
      },
    ]),
  };
}

const writeBaseline = `set -euo pipefail
repository="repos/$GITHUB_REPOSITORY"
if ! gh api "$repository/git/ref/heads/$BRANCH" > /dev/null 2>&1; then
  gh api "$repository/git/refs" --field ref="refs/heads/$BRANCH" --field sha="$GITHUB_SHA" > /dev/null
fi
figures=$(find "$FOLDER" -type f | head -n 1)
# gh prints the body of an error too.
old=$(gh api "$repository/contents/$FILE?ref=$BRANCH" --jq .sha 2> /dev/null) || old=
jq -n --arg message "Keep the figures of $GITHUB_SHA" --arg content "$(base64 -w 0 "$figures")" \\
  --arg branch "$BRANCH" --arg sha "$old" \\
  '{ message: $message, content: $content, branch: $branch } + (if $sha == "" then {} else { sha: $sha } end)' |
  gh api --method PUT "$repository/contents/$FILE" --input - > /dev/null
`;
