import { readFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createTwoFilesPatch } from "diff";
import { type GithubFilesOptions, githubFiles } from "../../components/github/github-files";
import { keepNewer } from "../../components/github/pins/keep-newer";
import { readPins } from "../../components/github/pins/pins-file";
import { gitlabFiles } from "../../components/gitlab/gitlab-files";
import { gitlabProblems } from "../../components/gitlab/problems";
import { gitlabRemarks } from "../../components/gitlab/remarks";
import { type Delivery, Platform } from "../../components/model/delivery";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import type { PipelinePlan } from "../../components/pipeline/plan";
import { planPipeline } from "../../components/pipeline/plan-pipeline";
import { type Command, UsageError } from "../command";
import { type Document, problemLine, problemsOf, readDocument } from "../document";
import { type ComparedFile, compareFolder, foreign, writeFolder } from "../pipeline/folder";
import { pipelineSvg } from "../pipeline/svg";

const HELP = `usage: headgate pipeline FILE [options]

Writes the pipeline that FILE describes: workflow files, git hooks, settings of what proposes updates.
FILE is a cicd.yml, a JSON file, or a TypeScript module that exports the same. Files that Headgate made before and that
nothing asks for any more are removed; files of somebody else in their place are never touched.

  --platform NAME    ${Object.values(Platform).join(" or ")}. Defaults to that of the repository, else github
  --repository NAME  which of the document's repositories, by its key; needed when there are several
  --out DIR          folder of the repository. Defaults to the current one
  --check            write nothing; end with 1 when a file is not as it should be
  --diff             write nothing; show what would change
  --pins FILE        pins of actions that come before the library's: see headgate pins
  --keep-newer       keep pins of actions that a bot raised in the files
  --svg FILE         draw the jobs and what each waits for
  --json             print the files with their state and content, and write nothing
  --force            also replace files of somebody else
  --help             print this

Exit code 1 when --check finds something or a file of somebody else is in the way, 2 when FILE cannot be read or is
wrong.`;

export const pipeline: Command = {
  name: "pipeline",
  summary: "write the workflows that a cicd.yml describes, or check that they are current",
  help: HELP,
  run,
};

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      platform: { type: "string" },
      repository: { type: "string" },
      out: { type: "string", default: "." },
      check: { type: "boolean", default: false },
      diff: { type: "boolean", default: false },
      pins: { type: "string" },
      "keep-newer": { type: "boolean", default: false },
      svg: { type: "string" },
      json: { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError(HELP);
  const document = await readDocument(file);
  const plan = planOf(document, values.repository);
  if (values.svg !== undefined) writeFileSync(values.svg, pipelineSvg(plan));
  const platform = platformOf(document.value as Delivery, values.platform, values.repository);
  const keepsNewer = values["keep-newer"];
  const made =
    platform === Platform.github
      ? githubFiles(plan, { ...pinsOf(values.pins), keepsNewer })
      : forGitlab(document, plan, values.json);
  const files = await compareFolder(resolve(values.out), made, keepsNewer ? keepNewer : undefined);
  if (values.json) {
    const told = files.map(({ path, state, after, executable }) => ({ path, state, executable, content: after }));
    console.log(JSON.stringify({ platform, files: told }, undefined, 2));
    return values.check && told.some(({ state }) => state !== "current") ? 1 : 0;
  }
  if (values.diff) process.stdout.write(files.map(patch).join(""));
  if (values.check) return tellCheck(files);
  return values.diff ? 0 : write(resolve(values.out), files, values.force);
}

/** The files for GitLab, once it is told what GitLab cannot do and what it does in another way. */
function forGitlab(document: Document, plan: PipelinePlan, quiet: boolean): GeneratedFile[] {
  const problems = gitlabProblems(plan);
  if (problems.length > 0) throw new UsageError(problems.map((each) => problemLine(document, each)).join("\n"));
  if (!quiet) for (const { feature, message } of gitlabRemarks(plan)) console.error(`note: ${feature}: ${message}`);
  return gitlabFiles(plan);
}

function pinsOf(file: string | undefined): GithubFilesOptions {
  if (file === undefined) return {};
  try {
    return { pins: readPins(readFileSync(file, "utf8"), file) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function planOf(document: Document, repository: string | undefined): PipelinePlan {
  const problems = problemsOf(document);
  if (problems.length > 0) throw new UsageError(problems.map((each) => problemLine(document, each)).join("\n"));
  const delivery = document.value as Delivery;
  const known = Object.keys(delivery.repositories ?? {});
  if (repository !== undefined && !known.includes(repository)) {
    const names = known.length === 0 ? "It has none" : `Known there: ${known.join(", ")}`;
    throw new UsageError(
      `headgate pipeline: --repository ${repository} is not in ${basename(document.file)}. ${names}.`,
    );
  }
  const planned = planPipeline(delivery, {
    serviceName: document.serviceName,
    ...(repository !== undefined && { repository }),
  });
  if (planned.problems.length > 0) {
    throw new UsageError(planned.problems.map((each) => problemLine(document, each)).join("\n"));
  }
  return planned.plan;
}

function platformOf(
  { repositories = {} }: Delivery,
  asked: string | undefined,
  repository: string | undefined,
): Platform {
  const found = Object.values(Platform).find((name) => name === asked);
  if (found !== undefined) return found;
  if (asked !== undefined) {
    const names = Object.values(Platform).join(", ");
    throw new UsageError(`headgate pipeline: --platform is not known (got ${asked}). Choose one of ${names}.`);
  }
  const all = Object.entries(repositories);
  const own = all.find(([key]) => key === repository)?.[1] ?? (all.length === 1 ? all[0]?.[1] : undefined);
  return own?.platform ?? Platform.github;
}

const patch = ({ path, state, before, after }: ComparedFile): string =>
  state === "current"
    ? ""
    : createTwoFilesPatch(
        state === "new" ? "/dev/null" : `a/${path}`,
        state === "gone" ? "/dev/null" : `b/${path}`,
        before,
        after,
        undefined,
        undefined,
        { context: 3 },
      );

function tellCheck(files: readonly ComparedFile[]): number {
  const wrong = files.filter(({ state }) => state !== "current");
  const words = { new: "is missing", changed: "is not as it should be", gone: "is made no more", current: "" };
  for (const { path, state } of wrong) console.error(`${path} ${words[state]}`);
  if (wrong.length > 0) console.error("Run headgate pipeline without --check, and commit what it writes.");
  else console.log(`${files.length} files are current`);
  return wrong.length > 0 ? 1 : 0;
}

async function write(folder: string, files: readonly ComparedFile[], force: boolean): Promise<number> {
  const inTheWay = force ? [] : foreign(files);
  if (inTheWay.length > 0) {
    for (const { path } of inTheWay) console.error(`${path} was not made by Headgate, and nothing was written`);
    console.error("Move it, or take it into the document; --force replaces it.");
    return 1;
  }
  await writeFolder(folder, files);
  const words = { new: "new", changed: "changed", gone: "removed", current: "current" };
  for (const { path, state } of files) console.log(`${words[state].padEnd(8)} ${path}`);
  return 0;
}
