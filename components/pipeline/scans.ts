import type { PipelinePlan } from "./plan";
import { type Command, Scanner } from "./planned-jobs";
import { advisoryLevel } from "./severity";
import { type ToolName, toolVersion } from "./tools/tool-versions";

/** Scanners that look at installed packages, so that these must be there. */
export const needPackages: readonly Scanner[] = [Scanner.npmAudit, Scanner.pipAudit, Scanner.snyk];

/** Commands of the scanners that are programs of a registry. What they find makes them fail. */
export function scanCommands(scanner: Scanner, { security, toolchain }: PipelinePlan): Command[] {
  switch (scanner) {
    case Scanner.gitleaks: {
      const gitleaks = `github.com/zricethezav/gitleaks/v8@v${toolVersion("gitleaks")}`;
      return [{ title: "Look for secrets", run: `go run ${gitleaks} git --redact --no-banner .` }];
    }
    case Scanner.bandit:
      return fromPyPI("bandit", "bandit --recursive --quiet --severity-level medium --exclude ./.venv,./tests .");
    case Scanner.pipAudit:
      return fromPyPI("pip-audit", 'pip-audit --path "$(echo "$PWD"/.venv/lib/python*/site-packages)"');
    case Scanner.workflows:
      return fromPyPI("zizmor", "zizmor --offline --no-progress --min-severity medium .github");
    case Scanner.npmAudit: {
      const level = advisoryLevel(security.threshold);
      const audits = {
        npm: `npm audit --audit-level=${level}`,
        pnpm: `pnpm audit --audit-level ${level}`,
        yarn: `yarn npm audit --all --recursive --severity ${level}`,
      };
      return [{ title: "Look for known holes", run: audits[toolchain.node?.manager ?? "npm"] }];
    }
    case Scanner.snyk: {
      const snyk = `npx --yes snyk@${toolVersion("snyk")}`;
      const level = security.snykThreshold;
      return [{ title: "Look for known holes", run: `${snyk} test --all-projects --severity-threshold=${level}` }];
    }
    default:
      throw new Error(`${scanner} is no program of a registry`);
  }
}

/** A program of PyPI at one version, apart from the project's own packages. */
function fromPyPI(name: ToolName, command: string): Command[] {
  const folder = `"$HOME/.headgate-tools/${name}"`;
  return [
    {
      title: `Install ${name}`,
      run: `python3 -m venv ${folder}\n${folder}/bin/python -m pip install --quiet ${name}==${toolVersion(name)}`,
    },
    { title: `Run ${name}`, run: `${folder}/bin/${command}` },
  ];
}
