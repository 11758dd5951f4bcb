import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { cwe, scorecard, zizmor } from "../../core/standard";
import { linesOf } from "../../model/shell";
import { workflow } from "../../model/workflow";

const SHELL = "(?:sudo\\s+(?:-\\w+\\s+)*)?(?:env\\s+(?:\\S+=\\S+\\s+)*)?(?:\\w+=\\S+\\s+)*(?:\\S*/)?(?:ba|z|da|k)?sh";
/** Fetched by one command and run by the next, or in its place. */
const RUN_AS_FETCHED = [
  new RegExp(`\\b(?:curl|wget)\\b[^|;&]*\\|\\s*(?:${SHELL}|(?:sudo\\s+)?(?:python3?|node|perl|ruby))\\b(?!\\S)`),
  /(?:^|[\s;&|])(?:\S*\/)?(?:ba|z|da|k)?sh\s+(?:-\w+\s+)*["']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b/,
  /(?:^|[\s;&|])(?:source|\.|eval)\s+["']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b/,
  /\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|curl)\b[^|;]*\|\s*(?:iex|invoke-expression)\b/i,
  /\b(?:iex|invoke-expression)\b[^;]*\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b/i,
];

export const wfRemoteScript = defineRule({
  id: "wf-remote-script",
  title: "Nothing runs that was fetched and not looked at",
  severity: "high",
  standards: [...zizmor("unpinned-tools"), ...scorecard("Pinned-Dependencies"), ...cwe("CWE-494")],
  levels: levels("advisory", "mandatory"),
  model: workflow,
  why: "The script is whatever its server gives at that moment, and has the job's token and secrets.",
  remediation:
    "Use an action by its commit or a package by its version, or fetch to a file and compare its checksum before it runs.",
  *check({ jobs }) {
    for (const step of jobs.flatMap((job) => job.steps)) {
      const run = step.at("run");
      yield step.fails("runs a script as it is fetched", run, () =>
        linesOf(run.text() ?? "").some((line) => RUN_AS_FETCHED.some((way) => way.test(line)) && !byCommit(line)),
      );
    }
  },
});

/** An address with a whole commit in it gives the same every time. */
const byCommit = (line: string): boolean => /\/[0-9a-f]{40}\//.test(line);
