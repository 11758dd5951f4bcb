import { parseCpu } from "../../model/cpu";
import { parseDuration } from "../../model/duration";
import { refuse } from "../../model/errors";
import { parseMemory } from "../../model/memory";
import { checkName } from "../../model/names";
import type { Problem } from "../../model/problem";
import { checkArgs } from "../fields";
import type { ServicePeer } from "../service/args";
import { SECRETS_FOLDER } from "../service/plan-secrets";
import { USUAL_SCRATCH } from "../service/plan-volumes";
import { type JobSchedule, type KubernetesJobArgs, OnOverlap } from "./args";
import { jobSchema } from "./schema";

/** A job with its defaults filled in; what is only known later is left to the component. */
export interface JobPlan {
  name: string;
  command?: string[];
  /** Whether it has environment variables. */
  variables: boolean;
  /** Names of the files. */
  secrets: string[];
  cpuCores: number;
  memoryBytes: number;
  timeoutSeconds: number;
  retries: number;
  stopTimeoutSeconds: number;
  rerun: number;
  schedule?: Required<Omit<JobSchedule, "startingDeadline">> & { startingDeadlineSeconds: number };
  to?: ServicePeer[];
  user: { id: number; group: number };
  /** Folders with their bytes. */
  scratch: [path: string, bytes: number][];
  /** Labels of its objects beside those that Headgate gives. */
  labels: Record<string, string>;
  imagePullSecrets: string[];
}

/** Fills in the defaults and checks everything a job is told. Throws ArgumentError with every problem. */
export function planJob(name: string, args: KubernetesJobArgs): JobPlan {
  refuse("KubernetesJob", name, [...checkName(name), ...checkArgs(jobSchema, args)]);
  refuse("KubernetesJob", name, problemsBetween(args));
  const { resources = {}, schedule, command, to } = args;
  const [id = 0, group = 0] = (args.user ?? "1000:1000").split(":").map(Number);
  return {
    name,
    ...(command !== undefined && command.length > 0 && { command }),
    variables: Object.keys(args.env ?? {}).length > 0,
    secrets: Object.keys(args.secrets ?? {}).sort(),
    cpuCores: parseCpu(resources.cpu ?? "0.5"),
    memoryBytes: parseMemory(resources.memory ?? "256MiB"),
    timeoutSeconds: parseDuration(args.timeout ?? "10m"),
    retries: args.retries ?? 0,
    stopTimeoutSeconds: parseDuration(args.stopTimeout ?? "30s"),
    rerun: args.rerun ?? 0,
    ...(schedule !== undefined && {
      schedule: {
        cron: schedule.cron,
        timeZone: schedule.timeZone ?? "Etc/UTC",
        onOverlap: schedule.onOverlap ?? OnOverlap.skip,
        startingDeadlineSeconds: parseDuration(schedule.startingDeadline ?? "5m"),
        keepSucceeded: schedule.keepSucceeded ?? 3,
        keepFailed: schedule.keepFailed ?? 3,
        suspended: schedule.suspended ?? false,
      },
    }),
    ...(to !== undefined && { to }),
    user: { id, group },
    scratch: Object.entries(args.scratch ?? USUAL_SCRATCH).map(([path, size]) => [path, parseMemory(size)]),
    labels: args.labels ?? {},
    imagePullSecrets: args.imagePullSecrets ?? [],
  };
}

function problemsBetween({ schedule, rerun, scratch = {} }: KubernetesJobArgs): Problem[] {
  const problems: Problem[] = [];
  if (schedule !== undefined && rerun !== undefined) {
    const fix = "Remove it: kubectl create job --from=cronjob/NAME runs it at once";
    problems.push({ path: "rerun", problem: "means nothing for a job with a schedule", got: String(rerun), fix });
  }
  if (SECRETS_FOLDER in scratch) {
    const problem = "is where the secrets are";
    problems.push({ path: `scratch["${SECRETS_FOLDER}"]`, problem, fix: "Choose another folder" });
  }
  return problems;
}
