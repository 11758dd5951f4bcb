import { MOST_JSON_BYTES, MOST_YAML_BYTES } from "./files";
import { FORMATS } from "./formats";

const mebibytes = (bytes: number) => bytes / 2 ** 20;

export const HELP = `usage: headgate check SOURCE... [options]
       headgate check --explain RULE

Judges what shall be delivered by Headgate's policies, before anything exists. Sources, each may be given again:

  --manifests NAME...      Kubernetes: a file or folder of YAML, JSON or Helm's output, lists expanded
  --workflows NAME...      GitHub Actions: a file, a folder of workflows, or a repository with .github/workflows;
                           a repository's settings of Dependabot and Renovate too
  --compose FILE...        Docker Compose
  --terraform-plan FILE... what "terraform show -json" prints of a plan
  --state FILE...          what "pulumi stack export" prints

Options:

  --environment NAME       whose levels hold: production, staging, development. Defaults to production
  --settings FILE          levels and options of rules, in YAML or JSON
  --waivers FILE           reviewed exceptions, in YAML or JSON
  --baseline FILE          tell and stop for new findings only
  --write-baseline FILE    write what is found now as a baseline, and end with 0
  --format NAME            ${Object.keys(FORMATS).join(", ")}. Defaults to text
  --json                   the same as --format json
  --explain RULE           say what a rule wants, why, at which levels, from which standards; a check of another tool
                           ("unsound-condition") stands for the rules that have it
  --help                   print this

YAML is read up to ${mebibytes(MOST_YAML_BYTES)} MiB a file, plans and states up to ${mebibytes(MOST_JSON_BYTES)} MiB. Types that no rule knows are listed as not judged.
Exit code 1 with a mandatory finding that is neither waived nor in the baseline, 2 when an input cannot be read or the
command line is wrong.`;
