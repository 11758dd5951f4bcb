import { quoted } from "../pipeline/tests";

/** A part of a job's script that sees only its own variables and stays in its own folder. */
export interface Step {
  title: string;
  /** Values that the shell takes as they are, whatever they hold. */
  values?: Readonly<Record<string, string>>;
  /** Words of the shell: "$CI_JOB_ID". Never anybody's text. */
  words?: Readonly<Record<string, string>>;
  /** Relative to the repository. */
  directory?: string;
  run: string;
}

/** One line without what a terminal or a shell would act on. */
const remark = (title: string): string => title.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

/** A step as an element of a job's script. */
export function step({ title, values = {}, words = {}, directory = ".", run }: Step): string {
  return [
    `# ${remark(title)}`,
    "(",
    ...Object.entries(values).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...Object.entries(words).map(([name, value]) => `export ${name}="${value}"`),
    ...(directory === "." ? [] : [`cd ${quoted(directory)}`]),
    run.trimEnd(),
    ")",
  ].join("\n");
}

/** Somebody's command: a word to a shell of its own, so that it can break nothing but itself. */
export const command = (run: string): string => `bash -eo pipefail -c ${quoted(run)}`;

/** Keeps the end of a step in `outcome`, and goes on: a condition would switch off the shell's stop at errors. */
export const attempt = (name: string, body: string): string => `set +e
${body}
if [ "$?" != 0 ]; then outcome=${name}; fi
set -e`;

/** A folder that only this job reads, outside of what it keeps. */
export const workFolder = "/tmp/headgate-$CI_JOB_ID";
export const makeWorkFolder = `export WORK="${workFolder}"\n(umask 077 && mkdir -p "$WORK")`;
export const removeWorkFolder = `rm -rf "${workFolder}"`;
