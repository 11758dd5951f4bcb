import { z } from "zod";
import type { ReleasePlan } from "../../release/plan";
import type { Cause } from "../../release/progress";
import type { BeginRelease, ServerAddress, ServiceRegistration } from "./protocol";
import type { ServiceRecord } from "./record";

/** Names go into the gateway's configuration: nothing in them may end a word or a line. */
export const serviceName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "is no service name");
const hostName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, "is no host name in lower case");
const path = z
  .string()
  .max(1024)
  .regex(/^\/[A-Za-z0-9\-._~!$&()*+,;=:@%/?]*$/, "is no path");
const seconds = z
  .number()
  .positive()
  .max(86_400 * 30);
const orZero = z
  .number()
  .min(0)
  .max(86_400 * 30);
const looks = z.int().min(1).max(100);
const port = z.int().min(1).max(65_535);
const ratio = z.number().min(0).max(1);
const inside = z.number().gt(0).lt(1);
const limits = z.strictObject({ ignoreBelow: ratio, sloMax: inside });
const word = z.string().min(1).max(300);

export const registrationSchema: z.ZodType<ServiceRegistration> = z.strictObject({
  hosts: z.array(hostName).max(100),
  readinessPath: path,
  probeIntervalSeconds: seconds,
  probeTimeoutSeconds: seconds,
  healthyAfter: looks,
  unhealthyAfter: looks,
  stickyCookie: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "is no cookie name")
    .exactOptional(),
  metrics: z
    .strictObject({
      path,
      port,
      durationHistogram: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, "is no metric name"),
    })
    .exactOptional(),
  objectives: z.strictObject({
    availability: ratio.exactOptional(),
    latency: z.strictObject({ withinSeconds: seconds, ratio }).exactOptional(),
  }),
});

const planSchema: z.ZodType<ReleasePlan> = z.strictObject({
  strategy: z.enum(["rolling", "immediate", "blueGreen", "canary"]),
  steps: z
    .array(
      z.strictObject({
        weight: z.number().min(0).max(100),
        holdSeconds: orZero,
        gate: z.enum(["auto", "manual", "verdict"]),
      }),
    )
    .max(200)
    .refine(
      (steps) => steps.every(({ weight }, index) => weight >= (steps[index - 1]?.weight ?? 0)),
      "weights must never fall",
    ),
  bakeSeconds: orZero,
  progressDeadlineSeconds: orZero,
  startTimeoutSeconds: seconds,
  drainSeconds: orZero,
  rule: z.union([
    z.strictObject({
      maxErrorRatio: ratio,
      maxTimesOld: z.number().min(0),
      minRequests: z.number().min(0),
      consecutiveLooks: looks,
      windowSeconds: seconds,
      maxSlowRatio: ratio.exactOptional(),
    }),
    z.strictObject({
      test: z.literal("sequential"),
      alpha: inside,
      beta: inside,
      tolerate: z.number().min(1),
      warmUpSeconds: orZero,
      historySeconds: seconds,
      minRequests: z.number().min(0),
      errors: limits,
      slow: limits.exactOptional(),
    }),
  ]),
  onUndecided: z.enum(["wait", "pause", "promote", "rollback"]),
  onNoData: z.enum(["wait", "pause", "rollback"]),
});

export const beginSchema: z.ZodType<BeginRelease> = z.strictObject({
  key: word,
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "is no digest"),
  plan: planSchema,
  retry: z.int(),
  client: word,
});

const serverSchema: z.ZodType<ServerAddress> = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "is no server name"),
  host: z.string().regex(/^[A-Za-z0-9_.-]{1,253}$/, "is no container name"),
  port,
});

export const serversSchema = z.strictObject({
  servers: z
    .array(serverSchema)
    .min(1)
    .max(100)
    .refine((servers) => new Set(servers.map(({ name }) => name)).size === servers.length, "two have one name"),
});

const callableOff: Cause[] = ["aborted", "unhealthy", "abandoned"];
export const abortSchema = z.strictObject({
  by: z.string().min(1).max(2000),
  cause: z.enum(callableOff).default("aborted"),
});
/** Who promotes or pauses. */
export const bySchema = z.strictObject({ by: word });

const counts = z.object({ total: z.number(), bad: z.number() });
const version = z.object({ revision: z.int(), key: z.string(), digest: z.string(), servers: z.array(serverSchema) });

/**
 * What every journal must have to be acted upon. The rest was written by this program as a whole and is taken as it is.
 */
const recordSchema = z.looseObject({
  format: z.literal(1),
  service: serviceName,
  registration: registrationSchema,
  stable: version.exactOptional(),
  nextRevision: z.int().min(1),
  release: z
    .looseObject({
      state: z.looseObject({
        candidate: version,
        previous: version.exactOptional(),
        plan: planSchema,
        phase: z.enum(["starting", "warming", "stepping", "baking", "draining", "ended"]),
        stepIndex: z.int().min(0),
        weight: z.number().min(0).max(100),
        stepStartedAt: z.number(),
        totals: z.object({ new: counts, old: counts }),
        steps: z.array(z.looseObject({ weight: z.number() })),
        events: z.array(z.looseObject({ sequence: z.int() })),
      }),
      probes: z.record(z.string(), z.looseObject({ goodInRow: z.int() })),
      judge: z.looseObject({}),
      increments: z.looseObject({ last: z.record(z.string(), z.number()) }),
      downLooks: z.int(),
      told: z.looseObject({}),
    })
    .exactOptional(),
  refused: z.array(z.looseObject({})),
  history: z.array(z.looseObject({})),
  ended: z.record(z.string(), z.number()),
});

/** Reads a journal's text. Throws when it cannot be acted upon. */
export function parseRecord(text: string): ServiceRecord {
  const parsed: unknown = JSON.parse(text);
  recordSchema.parse(parsed);
  return parsed as ServiceRecord;
}
