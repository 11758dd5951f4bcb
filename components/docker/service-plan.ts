import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../model/diagnostics";
import { parseDuration } from "../model/duration";
import { refuse } from "../model/errors";
import { parseMemory } from "../model/memory";
import { checkHosts, checkName } from "../model/names";
import { normaliseService } from "../model/normalise-service";
import { OnBusy } from "../model/on-busy";
import { describeValue, type Problem } from "../model/problem";
import type { Freeze } from "../model/release";
import { checkObjectives, checkRelease, checkService } from "../model/validate";
import { compileFor } from "../release/compile/compile-for";
import { compileForDocker } from "../release/compile/docker";
import type { ReleasePlan } from "../release/plan";
import type { ServiceRegistration } from "./guard/protocol";
import type { ContainerSettings } from "./release/inputs";
import type { DockerServiceArgs } from "./service-args";

/** A service on a Docker host with all defaults filled in; plain data, but for what is only known later. */
export interface ServicePlan {
  copies: number;
  /** Absent: the image is given by digest. */
  build?: { context: string; dockerfile: string; args: Record<string, string>; target?: string; platform?: string };
  container: ContainerSettings;
  registration: ServiceRegistration;
  release: ReleasePlan;
  freeze: Freeze;
  emergency: string;
  diagnostics: Diagnostic[];
  /** Steps of the release that are too short to see anything. */
  warnings: string[];
  retry: number;
  onBusy: OnBusy;
  keepImages: number;
}

const KNOWN = [
  "host",
  "service",
  "release",
  "objectives",
  "hosts",
  "env",
  "secrets",
  "sticky",
  "user",
  "pidsLimit",
  "scratch",
  "retry",
  "onBusy",
  "keepImages",
];
const SECRET_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** Fills in defaults and checks every argument of a DockerService. Throws ArgumentError with every problem. */
export function planService(name: string, args: DockerServiceArgs): ServicePlan {
  const problems: Problem[] = [
    ...checkName(name),
    ...checkService(args.service),
    ...checkRelease(args.release ?? {}),
    ...checkObjectives(args.objectives ?? {}),
    ...checkHosts(args.hosts ?? []),
    ...ownProblems(args),
  ];
  refuse("DockerService", name, problems);
  const objectives = args.objectives ?? {};
  const release = compileFor("docker", compileForDocker, args.release ?? {}, args.service, { objectives, name });
  refuse("DockerService", name, [...release.problems, ...buildProblems(args)]);

  const { service } = args;
  const plain = normaliseService(service);
  const sticky = args.sticky ?? args.release?.canary?.route?.sticky;
  const build = service.image.build;
  const platform = build?.platforms?.[0];
  return {
    copies: plain.copies,
    ...(build === undefined
      ? {}
      : {
          build: {
            context: build.context,
            dockerfile: build.dockerfile ?? join(build.context, "Dockerfile"),
            args: build.args ?? {},
            ...(build.target === undefined ? {} : { target: build.target }),
            ...(platform === undefined ? {} : { platform }),
          },
        }),
    container: {
      port: service.port,
      command: service.command ?? [],
      env: service.env ?? {},
      cpus: plain.cpuCores,
      memoryBytes: plain.memoryBytes,
      stopTimeoutSeconds: Math.ceil(plain.stopTimeoutSeconds),
      user: args.user ?? "1000:1000",
      pidsLimit: args.pidsLimit ?? 256,
      scratch: Object.fromEntries(
        [...Object.entries(args.scratch ?? { "/tmp": "64MiB" }), ...plain.volumes].map(([path, size]) => [
          path,
          parseMemory(size),
        ]),
      ),
    },
    registration: {
      hosts: args.hosts ?? [],
      readinessPath: plain.readiness.path,
      probeIntervalSeconds: plain.readiness.intervalSeconds,
      probeTimeoutSeconds: plain.readiness.timeoutSeconds,
      healthyAfter: plain.readiness.healthyAfter,
      unhealthyAfter: plain.readiness.unhealthyAfter,
      ...(sticky === undefined ? {} : { stickyCookie: sticky.cookie ?? "headgate" }),
      ...(plain.metrics === undefined ? {} : { metrics: plain.metrics }),
      objectives: {
        ...(objectives.availability === undefined ? {} : { availability: objectives.availability }),
        ...(objectives.latency === undefined
          ? {}
          : { latency: { withinSeconds: parseDuration(objectives.latency.within), ratio: objectives.latency.ratio } }),
      },
    },
    release: release.fields,
    freeze: (args.release?.emergency === undefined ? args.release?.freeze : undefined) ?? {},
    emergency: args.release?.emergency?.reason ?? "",
    diagnostics: release.diagnostics,
    warnings: release.warnings,
    retry: args.retry ?? 0,
    onBusy: args.onBusy ?? OnBusy.wait,
    keepImages: args.keepImages ?? 3,
  };
}

/** Problems of what only a Docker host knows. */
function ownProblems(args: DockerServiceArgs): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, problem: string, fix: string, got?: unknown) =>
    problems.push({ path, problem, fix, ...(got === undefined ? {} : { got: describeValue(got) }) });
  for (const key of Object.keys(args).filter((candidate) => !KNOWN.includes(candidate))) {
    add(key, "is not known", `Known here: ${KNOWN.join(", ")}`, key);
  }
  if (args.host === undefined) add("host", "is missing", "Write host: dockerHost.handle");
  for (const file of Object.keys(args.secrets ?? {}).filter((each) => !SECRET_NAME.test(each))) {
    add(`secrets.${file}`, "is no file name", "Use letters, digits, dots, dashes and underscores", file);
  }
  for (const [name, { variable }] of Object.entries(args.service?.secrets ?? {})) {
    if (args.secrets?.[name] === undefined) {
      add(`secrets.${name}`, "is missing: a Docker host has no store to look service.secrets up in", "Give its value");
    }
    if (variable === true) {
      const fix = `Read /run/secrets/${name} instead, and remove variable`;
      add(`service.secrets.${name}.variable`, "cannot be true where everybody on the host reads variables", fix);
    }
  }
  const user = args.user ?? "1000:1000";
  if (!/^\d+:\d+$/.test(user)) add("user", "must be two numbers", 'Write "1000:1000"', user);
  else if (/^0+:/.test(user))
    add("user", "is root", "Choose another user; 1000:1000 needs no entry in the image", user);
  if (args.pidsLimit !== undefined && !(Number.isInteger(args.pidsLimit) && args.pidsLimit >= 8)) {
    add("pidsLimit", "must be a whole number from 8", "Leave it out for 256", args.pidsLimit);
  }
  for (const [path, size] of Object.entries(args.scratch ?? {})) {
    try {
      if (!/^\/[^:,]+$/.test(path)) throw new Error("path");
      parseMemory(size);
    } catch {
      add(`scratch["${path}"]`, "must be a folder with a size", 'Write { "/tmp": "64MiB" }', size);
    }
  }
  for (const [path, value] of [
    ["retry", args.retry],
    ["keepImages", args.keepImages],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0)) {
      add(path, "must be a whole number from 0", "Leave it out for the default", value);
    }
  }
  if (args.onBusy !== undefined && !Object.values(OnBusy).includes(args.onBusy)) {
    add("onBusy", "is not known", 'Write "wait" or "stop"', args.onBusy);
  }
  return problems;
}

/** What can be said of a build before it runs. */
function buildProblems({ service }: DockerServiceArgs): Problem[] {
  const build = service.image.build;
  if (build === undefined) return [];
  const path = "service.image.build";
  if (!existsSync(build.context) || !statSync(build.context).isDirectory()) {
    return [
      {
        path: `${path}.context`,
        problem: "is no folder",
        got: describeValue(build.context),
        fix: "Name the folder to build",
      },
    ];
  }
  const dockerfile = build.dockerfile ?? join(build.context, "Dockerfile");
  if (existsSync(dockerfile)) return [];
  return [
    {
      path: `${path}.dockerfile`,
      problem: "does not exist",
      got: describeValue(dockerfile),
      fix: `Write a Dockerfile in ${dirname(dockerfile)}, or name another file`,
    },
  ];
}
