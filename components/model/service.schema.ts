import type { z } from "zod";
import {
  cpu,
  duration,
  filled,
  flag,
  list,
  mapOf,
  memory,
  number,
  oneOf,
  optional,
  pattern,
  port,
  positiveDuration,
  storage,
  strictFor,
  text,
  urlPath,
  variables,
} from "./fields";
import { imageSchema } from "./image.schema";
import { labelName, labelValue } from "./labels";
import {
  Architecture,
  type Health,
  type HttpProbe,
  type Metrics,
  type Replicas,
  type Resources,
  type ScaleMetric,
  type Scheduling,
  type SecretReference,
  type Service,
  Spread,
  type Volume,
  Workload,
} from "./service";

const copies = number({ min: 1, max: 100, integer: true });
const answers = number({ min: 1, max: 100, integer: true });
const percent = number({ min: 1, max: 100 });

const metric = strictFor<ScaleMetric>(
  { query: filled("a PromQL expression"), perCopy: number({ min: 0, max: 1e12, open: true }) },
  '{ query: "sum(queue_length)", perCopy: 100 }',
);

const replicas = strictFor<Replicas>(
  {
    count: optional(copies),
    min: optional(copies),
    max: optional(copies),
    targetCpuPercent: optional(percent),
    targetMemoryPercent: optional(percent),
    targetRequestsPerSecond: optional(number({ min: 0, max: 1e6, open: true })),
    targetMetric: optional(metric),
  },
  "{ count: 2 }",
);

const resources = strictFor<Resources>(
  { cpu: optional(cpu), memory: optional(memory) },
  '{ cpu: "0.25", memory: "256MiB" }',
);

const probe = strictFor<HttpProbe>(
  {
    path: urlPath,
    interval: optional(positiveDuration),
    timeout: optional(positiveDuration),
    healthyAfter: optional(answers),
    unhealthyAfter: optional(answers),
  },
  '{ path: "/ready" }',
);

const health = strictFor<Health>(
  {
    readiness: probe,
    liveness: optional(probe),
    startup: optional(probe),
    startTimeout: optional(positiveDuration),
  },
  '{ readiness: { path: "/ready" } }',
);

const metrics = strictFor<Metrics>(
  {
    path: optional(urlPath),
    port: optional(port),
    durationHistogram: optional(
      pattern(
        /^[A-Za-z_:][\w:]*$/,
        "must be the name of a Prometheus metric",
        'Write "http_request_duration_seconds", for example',
      ),
    ),
  },
  '{ path: "/metrics" }',
);

const reference = strictFor<SecretReference>(
  {
    store: filled("the secret's name in the store"),
    key: optional(filled("a key")),
    version: optional(filled("a version")),
    variable: optional(flag),
  },
  '{ store: "shop-database", key: "url" }',
);

const secretNames = {
  keys: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
  problem: "is no name of a secret",
  fix: "Use letters, digits, dots, dashes and underscores",
};

const dashed = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const dashedNames = (what: string) => ({
  keys: dashed,
  problem: `is no name of a ${what}`,
  fix: "Use lower-case letters, digits and dashes, a letter first",
});

const absolutePath = pattern(
  /^\/[^\0:,]+$/,
  "must be a path in the container, from its root",
  'Write "/etc/shop/settings.json", for example',
);

const files = mapOf(
  text("the content as text", (value) =>
    value.includes("\0") ? [{ problem: "contains a NUL character", fix: "Only text can be a file here" }] : [],
  ),
  {
    keys: /^\/[^\0:,]+$/,
    problem: "is no path in the container",
    fix: 'Write it from the root: "/etc/shop/settings.json"',
  },
  '{ "/etc/shop/settings.json": "{}" }',
);

const volume = strictFor<Volume>(
  { path: absolutePath, size: optional(storage), persistent: optional(flag), readOnly: optional(flag) },
  '{ path: "/var/cache", size: "1GiB" }',
);

const scheduling = strictFor<Scheduling>(
  {
    spread: optional(oneOf(Spread)),
    architecture: optional(oneOf(Architecture)),
    spot: optional(flag),
    machineLabels: optional(mapOf(labelValue, labelName, '{ pool: "web" }')),
  },
  '{ spread: "zone" }',
);

const word = text("the program and its arguments as text", (value) =>
  value.includes("\0") ? [{ problem: "contains a NUL character", fix: "Remove it: no argument can hold one" }] : [],
);

export const serviceSchema: z.ZodType<Service> = strictFor<Service>(
  {
    image: imageSchema,
    port,
    ports: optional(mapOf(port, dashedNames("port"), "{ admin: 9000 }")),
    command: optional(list(word, '["node", "server.js"]')),
    env: optional(variables),
    secrets: optional(mapOf(reference, secretNames, '{ "database-url": { store: "shop-database" } }')),
    files: optional(files),
    replicas: optional(replicas),
    resources: optional(resources),
    health,
    metrics: optional(metrics),
    workload: optional(oneOf(Workload)),
    scheduling: optional(scheduling),
    volumes: optional(mapOf(volume, dashedNames("volume"), '{ cache: { path: "/var/cache" } }')),
    stopDelay: optional(duration),
    stopTimeout: optional(duration),
  },
  '{ image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } }',
);
