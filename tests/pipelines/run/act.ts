import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { isMap, isScalar, parseDocument, visit } from "yaml";
import { ensureAct } from "../../../toolchain/act";
import { exec, mustExec } from "../../../toolchain/exec";
import { ensureGo } from "../../../toolchain/go";
import { cacheLayout, checkout } from "../../../toolchain/paths";

/** What came of one job. */
export interface RunJob {
  /** Absent for a job that was skipped. */
  result?: "success" | "failure";
  /** Results of its steps by their names, in the order in which they ended. */
  steps: Record<string, string>;
  /** What its steps printed. */
  output: string;
}

export interface WorkflowRun {
  /** 0 when no job failed. */
  code: number;
  /** By id; those of a called workflow too. */
  jobs: Record<string, RunJob>;
  /** Files that were kept, as "artifact/file". */
  artifacts: string[];
  /** What only GitHub itself can do, and was passed over. */
  notRunHere: string[];
  /** All that act said, for messages of tests. */
  log: string;
}

/** What acts for an action here, by its repository. The checkout is act's own: it copies the repository for each job. */
const STAND_INS = join(__dirname, "actions");

/** The event of a pull request from a branch of the same repository. */
export async function pullRequest(repository: string): Promise<object> {
  const { stdout } = await mustExec("git", ["rev-parse", "HEAD"], { cwd: repository });
  const repo = { full_name: "acme/hello", fork: false };
  return {
    pull_request: { number: 7, head: { ref: "feature/x", sha: stdout.trim(), repo }, base: { ref: "main" } },
    repository: { full_name: "acme/hello", default_branch: "main" },
  };
}

/**
 * Runs a workflow by act on this machine, without containers: scripts, conditions, needs and results are what they
 * are on GitHub. Actions are replaced by stand-ins that do the same here, found by their name; one without a stand-in
 * is an error. What the jobs leave behind goes with the run.
 */
export async function runWorkflow(repository: string, file: string, event: object): Promise<WorkflowRun> {
  const act = await ensureAct(checkout, cacheLayout(checkout), () => {});
  const instead = "run only the tests that execute no workflow: vitest run --project fast";
  const go = await ensureGo(
    join(checkout, "toolchain", "go", "act", "go.mod"),
    { piece: "gitleaks", instead },
    () => {},
  );
  const work = mkdtempSync(join(tmpdir(), "headgate-run-"));
  try {
    const [home, artifacts, notRun] = [join(work, "home"), join(work, "artifacts"), join(work, "not-run")];
    for (const folder of [home, artifacts]) mkdirSync(folder);
    writeFileSync(notRun, "");
    writeFileSync(join(work, "event.json"), JSON.stringify(event));
    const variables = {
      ...(await goFolders(go.command)),
      PATH: `${dirname(go.command)}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: home,
      HEADGATE_TEST_NODE: join(checkout, "node_modules", "node", "bin"),
      HEADGATE_TEST_ARTIFACTS: artifacts,
      HEADGATE_TEST_NOT_RUN: notRun,
      HEADGATE_TEST_LABEL: randomBytes(6).toString("hex"),
    };
    const own = { ...machine(), ...(await npmSettings()), HOME: home };
    const { code, stdout, stderr } = await exec(
      "env",
      [
        ...["-i", ...Object.entries(own).map(([name, value]) => `${name}=${value}`), act],
        ...["pull_request", "--workflows", join(".github", "workflows", file), "--eventpath", join(work, "event.json")],
        ...["--platform", "ubuntu-24.04=-self-hosted", "--no-cache-server", "--pull=false", "--json"],
        ...["--action-cache-path", join(work, "actions")],
        ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ...usedActions(repository).flatMap((used) => ["--local-repository", `${used}=${standIn(used)}`]),
      ],
      { cwd: repository },
    );
    return {
      code,
      jobs: jobsOf(stdout),
      artifacts: readdirSync(artifacts, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(artifacts.length + 1))
        .sort(),
      notRunHere: readFileSync(notRun, "utf8").split("\n").filter(Boolean),
      log: `${stdout}${stderr}`,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * What this machine says about its programs and its ways to registries and to Docker. The test's own variables would
 * tell the tests in a workflow that they are part of it.
 */
function machine(): Record<string, string> {
  const kept =
    /^(PATH|LANG|TMPDIR|DOCKER_.*|.*_proxy|.*_CA_.*|.*_CERTS?(_.*)?|GOPROXY|GOSUMDB|GONOSUMDB|PIP_.*|npm_config_.*)$/i;
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] => kept.test(entry[0]) && entry[1] !== undefined,
      ),
    ),
    // What was fetched once serves every run.
    npm_config_cache: join(homedir(), ".npm"),
    PIP_CACHE_DIR: join(homedir(), ".cache", "pip"),
  };
}

/**
 * npm looks for the machine's settings beside the Node that runs it, and in the home folder. A job has another Node and
 * another home, and would not find certificates and registries that the machine names there.
 */
async function npmSettings(): Promise<Record<string, string>> {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  const { stdout } = await exec("npm", ["config", "get", "globalconfig"], { env: { PATH: path.join(delimiter) } });
  const found = stdout.trim();
  return {
    npm_config_userconfig: join(homedir(), ".npmrc"),
    ...(found !== "" && { npm_config_globalconfig: found }),
  };
}

/** Modules that were fetched for one run serve the next ones. */
async function goFolders(go: string): Promise<Record<string, string>> {
  const { stdout } = await mustExec(go, ["env", "-json", "GOCACHE", "GOMODCACHE", "GOPATH"]);
  return JSON.parse(stdout) as Record<string, string>;
}

/**
 * Every action of the repository's workflows that has a stand-in, with its commit: "actions/setup-node@8207…". Others
 * are not offered to act, which then fails: there is no other way for it to get them.
 */
function usedActions(repository: string): string[] {
  const folder = join(repository, ".github", "workflows");
  const used = new Set<string>();
  for (const name of readdirSync(folder)) {
    visit(parseDocument(readFileSync(join(folder, name), "utf8")), {
      Map(_, map) {
        if (!isMap(map)) return;
        const uses = map.get("uses", true);
        if (isScalar(uses) && typeof uses.value === "string" && !uses.value.startsWith("./")) used.add(uses.value);
      },
    });
  }
  return [...used].filter((each) => existsSync(standIn(each)));
}

const standIn = (used: string): string => join(STAND_INS, used.replace(/@.*$/, "").replaceAll("/", "-"));

interface Line {
  jobID?: string;
  step?: string;
  stage?: string;
  jobResult?: "success" | "failure" | "skipped";
  stepResult?: string;
  raw_output?: boolean;
  msg?: string;
}

function jobsOf(log: string): Record<string, RunJob> {
  const jobs: Record<string, RunJob> = {};
  for (const text of log.split("\n").filter((each) => each.startsWith("{"))) {
    const line = JSON.parse(text) as Line;
    if (line.jobID === undefined) continue;
    jobs[line.jobID] ??= { steps: {}, output: "" };
    const job = jobs[line.jobID] as RunJob;
    if (line.raw_output === true) job.output += line.msg ?? "";
    if (line.stepResult !== undefined && line.stage === "Main" && line.step !== undefined) {
      job.steps[line.step] = line.stepResult;
    }
    if (line.jobResult === "success" || line.jobResult === "failure") job.result = line.jobResult;
  }
  return jobs;
}
