import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { scorecard, zizmor } from "../../core/standard";
import { installsUnpinned } from "../../model/installs";
import { commandsOf } from "../../model/shell";
import { uses, workflow } from "../../model/workflow";

/** Actions that install the newest version of a tool unless they are told which. Source: the action.yml of each. */
const INSTALLERS = ["aquasecurity/setup-trivy", "1password/load-secrets-action"];

export const wfTools = defineRule({
  id: "wf-tools",
  title: "Tools are installed in a version that is said",
  severity: "low",
  standards: [...zizmor("unpinned-tools", "adhoc-packages"), ...scorecard("Pinned-Dependencies")],
  levels: levels("off", "advisory"),
  model: workflow,
  why: "The newest version is another one tomorrow: a build that passed fails, and what was taken over runs at once.",
  remediation:
    "Say the version (npm install x@1.2.3, pip install x==1.2.3, go install x@v1.2.3), or install from a lock file.",
  *check({ jobs }) {
    for (const step of jobs.flatMap((job) => job.steps)) {
      const run = step.at("run");
      yield step.fails("installs something in no version that is said", run, () =>
        commandsOf(run.text() ?? "").some(installsUnpinned),
      );
      const version = step.at("with.version");
      yield step.fails(
        "installs the newest version of a tool",
        version,
        () => isOpen(version) && uses(step, INSTALLERS),
      );
    }
  },
});

const isOpen = (version: Part["cursor"]): boolean => !version.present() || version.read() === "latest";
