import {
  cpu,
  filled,
  flag,
  list,
  mapOf,
  memory,
  number,
  oneOf,
  optional,
  storage,
  strictFor,
  text,
} from "../../model/fields";
import { describeValue } from "../../model/problem";
import type { Resources } from "../../model/service";
import { anything, flowing, labelsSchema, namespaceName, objectName, userAndGroup, wholeSeconds } from "../fields";
import { annotationsSchema, imageFaults, peerSchema, variablesSchema } from "../service/args.schema";
import { type JobSchedule, type KubernetesJobArgs, OnOverlap } from "./args";

const count = number({ min: 0, max: 1000, integer: true });

/** Limits of the five fields of a schedule. Source: crontab(5), as robfig/cron reads it in Kubernetes. */
const CRON_FIELDS: [name: string, least: number, most: number, names: string][] = [
  ["the minute", 0, 59, ""],
  ["the hour", 0, 23, ""],
  ["the day of the month", 1, 31, ""],
  ["the month", 1, 12, "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"],
  ["the day of the week", 0, 6, "sun|mon|tue|wed|thu|fri|sat"],
];

const cron = text('"30 2 * * *"', (value) => {
  const got = describeValue(value);
  const fix =
    'Write minute, hour, day of the month, month and day of the week: "30 2 * * *" is every night at half past two';
  const fields = value.trim().split(/\s+/);
  if (fields.length !== CRON_FIELDS.length) {
    return [{ problem: `must have five fields, and has ${fields.length}`, got, fix }];
  }
  const wrong = CRON_FIELDS.flatMap(([name, least, most, names], index) =>
    isCronField(fields[index] ?? "", least, most, names) ? [] : [name],
  );
  return wrong.length === 0 ? [] : [{ problem: `is wrong in ${wrong.join(" and ")}`, got, fix }];
});

function isCronField(field: string, least: number, most: number, names: string): boolean {
  const known = names === "" ? [] : names.split("|");
  const numberOf = (part: string) => {
    const named = known.indexOf(part.toLowerCase());
    if (named >= 0) return named + least;
    return /^\d+$/.test(part) ? Number(part) : Number.NaN;
  };
  return field.split(",").every((part) => {
    const [, range = "", step] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    if (range === "*" || range === "?") return true;
    const [from = "", to = from, ...rest] = range.split("-");
    const [low, high] = [numberOf(from), numberOf(to)];
    return rest.length === 0 && low >= least && high <= most && low <= high && step !== "0";
  });
}

const timeZone = text('"Europe/Berlin"', (value) => {
  // The names that this machine knows; "Local" would be that of the controller.
  try {
    const { timeZone: known } = new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions();
    // Kubernetes looks it up in a file system; of another name for a zone the spelling is not known here.
    if (known === value || known.toLowerCase() !== value.toLowerCase()) return [];
    return [{ problem: "is spelled another way", got: describeValue(value), fix: `Write "${known}"` }];
  } catch {
    const problem = "must be a time zone of the IANA database";
    return [{ problem, got: describeValue(value), fix: 'Write "Europe/Berlin", for example' }];
  }
});

/** Arguments of a KubernetesJob. */
export const jobSchema = strictFor<KubernetesJobArgs>(
  {
    cluster: optional(anything()),
    namespace: optional(namespaceName),
    image: flowing(imageFaults),
    command: optional(list(filled("a program or an argument"), '["migrate", "--all"]')),
    env: optional(variablesSchema),
    secrets: optional(
      mapOf(
        flowing((value) =>
          value === "" ? [{ problem: "is empty", fix: "Give its value: config.requireSecret(…)" }] : [],
        ),
        {
          keys: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
          problem: "is no file name",
          fix: "Use letters, digits, dots, dashes and underscores",
        },
        '{ DATABASE_URL: config.requireSecret("databaseUrl") }',
      ),
    ),
    resources: optional(strictFor<Resources>({ cpu: optional(cpu), memory: optional(memory) }, '{ memory: "1GiB" }')),
    timeout: optional(wholeSeconds(1)),
    retries: optional(count),
    stopTimeout: optional(wholeSeconds(0)),
    rerun: optional(number({ min: 0, max: 1e9, integer: true })),
    schedule: optional(
      strictFor<JobSchedule>(
        {
          cron,
          timeZone: optional(timeZone),
          onOverlap: optional(oneOf(OnOverlap)),
          startingDeadline: optional(wholeSeconds(10)),
          keepSucceeded: optional(count),
          keepFailed: optional(count),
          suspended: optional(flag),
        },
        '{ cron: "30 2 * * *" }',
      ),
    ),
    to: optional(list(peerSchema, '[{ service: "database" }]')),
    user: optional(userAndGroup),
    scratch: optional(
      mapOf(storage, { keys: /^\/[^:,]+$/, problem: "is no folder", fix: 'Write "/tmp"' }, '{ "/tmp": "64MiB" }'),
    ),
    labels: optional(labelsSchema),
    serviceAccountAnnotations: optional(annotationsSchema),
    imagePullSecrets: optional(list(objectName, '["registry"]')),
  },
  "{ image: … }",
);
