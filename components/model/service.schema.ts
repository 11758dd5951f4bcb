import type { z } from "zod";
import {
  cpu,
  duration,
  list,
  memory,
  number,
  optional,
  pattern,
  port,
  positiveDuration,
  strictFor,
  text,
  urlPath,
  variables,
} from "./fields";
import { imageSchema } from "./image.schema";
import type { Health, HttpProbe, Metrics, Replicas, Resources, Service } from "./service";

const copies = number({ min: 1, max: 100, integer: true });
const answers = number({ min: 1, max: 100, integer: true });

const replicas = strictFor<Replicas>(
  {
    count: optional(copies),
    min: optional(copies),
    max: optional(copies),
    targetCpuPercent: optional(number({ min: 1, max: 100 })),
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
  { readiness: probe, liveness: optional(probe), startTimeout: optional(positiveDuration) },
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

const word = text("the program and its arguments as text", (value) =>
  value.includes("\0") ? [{ problem: "contains a NUL character", fix: "Remove it: no argument can hold one" }] : [],
);

export const serviceSchema: z.ZodType<Service> = strictFor<Service>(
  {
    image: imageSchema,
    port,
    command: optional(list(word, '["node", "server.js"]')),
    env: optional(variables),
    replicas: optional(replicas),
    resources: optional(resources),
    health,
    metrics: optional(metrics),
    stopTimeout: optional(duration),
  },
  '{ image: { build: { context: "." } }, port: 8080, health: { readiness: { path: "/ready" } } }',
);
