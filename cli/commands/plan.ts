import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Target } from "../../components/model/target";
import { Router } from "../../components/release/compile/target";
import { type Command, UsageError } from "../command";
import { readServices } from "../document";
import { outlookOf } from "../plan/outlook";
import { outlookSvg } from "../plan/svg";
import { outlookText } from "../plan/text";

const HELP = `usage: headgate plan FILE [options]

Says what each target makes of the releases in FILE before anything is deployed: steps, holds, gates, what is bent and
by how much, the time it takes, and the smallest rise in errors that each step shows.
FILE is a cicd.yml, a JSON file, or a TypeScript module that exports service, release and objectives.

  --service NAME     only this service. Defaults to all
  --target TARGET    only this target, may be given again: ${Object.values(Target).join(", ")}
  --rate NUMBER      requests per second of the service. Defaults to 20
  --errors RATIO     share of the old version's requests that fail, 0 to 1. Defaults to 0.001
  --router ROUTER    what shifts traffic on Kubernetes: ${Object.values(Router).join(", ")}. Defaults to traefik
  --svg FILE         draw the exposure over time, requested against each target; of one service
  --json             print all of it as JSON, with the targets' own fields
  --help             print this

Exit code 1 when a target refuses a release, 2 when FILE cannot be read or is wrong.`;

/** What each target makes of the releases of a file. */
export const plan: Command = {
  name: "plan",
  summary: "say what each target makes of a release, before anything is deployed",
  help: HELP,
  run,
};

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      service: { type: "string" },
      target: { type: "string", multiple: true },
      rate: { type: "string", default: "20" },
      errors: { type: "string", default: "0.001" },
      router: { type: "string", default: Router.traefik },
      svg: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError(HELP);
  const targets = (values.target ?? Object.values(Target)).map((name) => chosen("--target", name, Target));
  const router = chosen("--router", values.router, Router);
  const traffic = {
    requestsPerSecond: amount("--rate", values.rate, 1e9),
    oldErrorRatio: amount("--errors", values.errors, 1),
  };
  const all = await readServices(file);
  const services = values.service === undefined ? all : all.filter(({ name }) => name === values.service);
  if (services.length === 0) {
    const known = all.map(({ name }) => name).join(", ");
    throw new UsageError(`headgate plan: --service ${values.service} is not in ${file}. It has ${known}.`);
  }
  const outlooks = services.map((service) => outlookOf(service, targets, traffic, router));
  const [only, ...others] = outlooks;
  if (values.svg !== undefined) {
    if (only === undefined || others.length > 0) {
      throw new UsageError("headgate plan: --svg draws one service. Choose it with --service.");
    }
    writeFileSync(values.svg, outlookSvg(only));
  }
  console.log(values.json ? JSON.stringify(outlooks, undefined, 2) : outlooks.map(outlookText).join("\n\n"));
  return outlooks.some((outlook) => outlook.targets.some(({ problems }) => problems.length > 0)) ? 1 : 0;
}

function chosen<T extends string>(option: string, name: string, known: Record<string, T>): T {
  const found = Object.values(known).find((value) => value === name);
  if (found !== undefined) return found;
  const names = Object.values(known).join(", ");
  throw new UsageError(`headgate plan: ${option} is not known (got ${JSON.stringify(name)}). Choose one of ${names}.`);
}

function amount(option: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= most) return value;
  const got = JSON.stringify(text);
  throw new UsageError(
    `headgate plan: ${option} must be a number from 0 to ${most} (got ${got}). Write 0.5, for example.`,
  );
}
