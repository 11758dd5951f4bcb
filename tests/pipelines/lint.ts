import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ActionPins, actionPins } from "../../components/github/pins/pins";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import { ensureLinters, type Linters } from "../../toolchain/linters";
import { cacheLayout, checkout } from "../../toolchain/paths";
import type { Finding } from "./lint/finding";
import { languageService } from "./lint/language-service";
import { isAction, isWorkflow, layOut } from "./lint/layout";
import { actionlint, zizmor } from "./lint/programs";

export type { Finding };

/** Rules that no generated workflow can meet, by their name, with the reason. */
export const UNAVOIDABLE: Readonly<Record<string, string>> = {
  "self-repository":
    "zizmor wants `uses: $/path` for a file of the same repository; actionlint 1.7.12 knows only `./path`",
};

export interface LintOptions {
  /** Pins of actions that the library's do not have, or has at another commit. */
  readonly pins?: ActionPins;
}

let linters: Promise<Linters> | undefined;

/**
 * What GitHub's language service, actionlint and zizmor as its strictest persona find in the files of one repository:
 * workflows, actions, `dependabot.yml` and pre-commit's configuration. Comments that hide findings hide none.
 */
export async function lintWorkflows(files: readonly GeneratedFile[], options: LintOptions = {}): Promise<Finding[]> {
  const [findings = []] = await lintRepositories([files], options);
  return findings;
}

/**
 * The same for many repositories, with one process of each program for hundreds of files. A file is judged once for
 * all repositories that have it with the same local workflows and actions behind it.
 */
export async function lintRepositories(
  repositories: readonly (readonly GeneratedFile[])[],
  options: LintOptions = {},
): Promise<Finding[][]> {
  linters ??= ensureLinters(checkout, cacheLayout(checkout), () => {});
  const programs = await linters;
  const work = await mkdtemp(join(tmpdir(), "headgate-lint-"));
  try {
    const { judged, keys } = await layOut(repositories, work);
    const workflows = judged.filter(({ file }) => isWorkflow(file.path));
    const metadata = judged.filter(({ file }) => isAction(file.path));
    const validate = languageService(programs.languageService, work, { ...actionPins, ...options.pins });
    const [fromActionlint, fromZizmor, fromService] = await Promise.all([
      actionlint(
        programs.actionlint,
        work,
        workflows.map(({ place }) => place),
      ),
      zizmor(
        programs.zizmor,
        work,
        judged.map(({ place }) => place),
      ),
      validate([...workflows, ...metadata]),
    ]);
    const found = new Map<string, Finding[]>(judged.map(({ place }) => [place, []]));
    for (const { place, ...finding } of [...fromActionlint, ...fromZizmor, ...fromService]) {
      const list = found.get(place);
      if (list === undefined) throw new Error(`${finding.tool} speaks of ${place}, which it was not given.`);
      list.push({ ...finding, file: place.slice(place.indexOf("/") + 1) });
    }
    const byKey = new Map(judged.map(({ key, place }) => [key, found.get(place) ?? []]));
    return keys.map((ofRepository) => ofRepository.flatMap((key) => byKey.get(key) ?? []));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
