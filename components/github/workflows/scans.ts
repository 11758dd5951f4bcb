import { type ScanJob, Scanner } from "../../pipeline/planned-jobs";
import { needPackages, scanCommands } from "../../pipeline/scans";
import { advisoryLevel, atLeast } from "../../pipeline/severity";
import { toolVersion } from "../../pipeline/tools/tool-versions";
import type { Emitter } from "./emitter";
import { concat, expression } from "./expression";
import { readSources, writeFindings } from "./permissions";
import { secretsEnvironment, secretVariables } from "./registry";
import { checkout, setup } from "./setup";
import type { Permissions, Step, StepsJob } from "./workflow";

const publishes: readonly Scanner[] = [Scanner.trivyFiles, Scanner.trivyConfiguration, Scanner.codeql];

/** What a workflow that calls these jobs must allow. */
export const scanPermissions = (jobs: readonly ScanJob[]): Permissions => ({
  ...readSources,
  ...(jobs.some(({ scanner }) => publishes.includes(scanner)) && writeFindings),
});

/** A scan. What it finds fails the job; where the platform shows findings, they are published too. */
export function scanJob(emitter: Emitter, job: ScanJob): StepsJob {
  const { runners } = emitter.plan;
  const onlyOnPullRequests = job.scanner === Scanner.dependencyReview;
  return {
    name: job.title,
    permissions: scanPermissions([job]),
    runsOn: runners.githubLabel,
    timeoutMinutes: job.timeoutMinutes,
    ...secretsEnvironment(job.secrets),
    ...(onlyOnPullRequests && { if: expression`github.event_name == 'pull_request'` }),
    ...(job.scanner === Scanner.codeql && {
      matrix: { failFast: false, values: { language: emitter.plan.security.codeql } },
    }),
    steps: [checkout(emitter, job.scanner === Scanner.gitleaks ? { "fetch-depth": 0 } : {}), ...steps(emitter, job)],
  };
}

function steps(emitter: Emitter, { scanner, secrets }: ScanJob): Step[] {
  const { plan } = emitter;
  switch (scanner) {
    case Scanner.trivyFiles:
      return trivy(emitter, "fs", scanner);
    case Scanner.trivyConfiguration:
      return trivy(emitter, "config", scanner);
    case Scanner.codeql:
      return [
        {
          name: "Prepare CodeQL",
          uses: emitter.use("github/codeql-action/init"),
          with: {
            languages: expression`matrix.language`,
            "build-mode": expression`contains(fromJSON('["go","swift"]'), matrix.language) && 'autobuild' || 'none'`,
          },
        },
        {
          name: "Analyse",
          uses: emitter.use("github/codeql-action/analyze"),
          with: { category: concat("/language:", expression`matrix.language`) },
        },
      ];
    case Scanner.dependencyReview:
      return [
        {
          name: "Look at new dependencies",
          uses: emitter.use("actions/dependency-review-action"),
          with: { "fail-on-severity": advisoryLevel(plan.security.threshold) },
        },
      ];
    default:
      return [
        ...(needPackages.includes(scanner)
          ? setup(emitter, plan.toolchain, { directory: plan.directory, cached: emitter.mayCache })
          : []),
        ...scanCommands(scanner, plan).map(({ title, run }, index, { length }) => ({
          name: title,
          workingDirectory: scanner === Scanner.workflows || scanner === Scanner.gitleaks ? "." : plan.directory,
          ...(index === length - 1 && { env: secretVariables(secrets) }),
          run,
        })),
      ];
  }
}

/** Trivy looks once: at everything for the alerts, and fails by what is bad enough. */
function trivy(emitter: Emitter, kind: "fs" | "config", name: string): Step[] {
  const report = `${name}.sarif`;
  const settings = { version: `v${toolVersion("trivy")}`, "scan-type": kind, "scan-ref": emitter.plan.directory };
  return [
    {
      name: "Look for findings",
      uses: emitter.use("aquasecurity/trivy-action"),
      with: {
        ...settings,
        format: "sarif",
        output: report,
        severity: atLeast(emitter.plan.security.threshold).join(",").toUpperCase(),
        "limit-severities-for-sarif": true,
        "exit-code": "1",
      },
    },
    {
      name: "Publish the findings",
      if: expression`!cancelled() && hashFiles(${report}) != '' && github.event.pull_request.head.repo.fork != true`,
      uses: emitter.use("github/codeql-action/upload-sarif"),
      with: { sarif_file: report, category: name },
    },
  ];
}
