import type { z } from "zod";
import { duration, filled, flag, list, number, oneOf, optional, pattern, positiveDuration, strictFor } from "./fields";
import { imageReference } from "./image.schema";
import {
  type Analysis,
  type BlueGreen,
  type BlueGreenPreview,
  type Canary,
  type CanaryRoute,
  type CanaryScale,
  type CanaryStep,
  type ContainerHook,
  type Emergency,
  Fit,
  type Freeze,
  type FreezeDates,
  type FreezeWeekly,
  Gate,
  type HeaderMatch,
  type Hook,
  type Hooks,
  type HttpHook,
  type Immediate,
  type LambdaHook,
  type Migration,
  OnFailure,
  OnNoData,
  OnUndecided,
  type Release,
  type Rolling,
  ScaleMode,
  type Sequential,
  type StickyRoute,
  type Threshold,
  Weekday,
} from "./release";

const step = strictFor<CanaryStep>(
  {
    weight: number({ min: 0, max: 100, open: true }),
    hold: optional(positiveDuration),
    gate: optional(oneOf(Gate)),
  },
  '{ weight: 10, hold: "300s" }',
);

const copies = number({ min: 1, max: 100, integer: true });

const header = strictFor<HeaderMatch>(
  {
    name: pattern(/^[A-Za-z0-9-]{1,100}$/, "is no name of a header", 'Write "x-canary", for example'),
    value: pattern(/^[\x21-\x7e]{1,200}$/, "must be one word of visible characters", 'Write "always", for example'),
  },
  '{ name: "x-canary", value: "always" }',
);

const sticky = strictFor<StickyRoute>(
  {
    cookie: optional(pattern(/^[\w-]{1,60}$/, "is no name of a cookie", 'Write "headgate", for example')),
    ttl: optional(positiveDuration),
  },
  '{ ttl: "1h" }',
);

const route = strictFor<CanaryRoute>(
  {
    header: optional(header),
    mirrorPercent: optional(number({ min: 0.1, max: 100 })),
    sticky: optional(sticky),
  },
  '{ header: { name: "x-canary", value: "always" } }',
);

const scale = strictFor<CanaryScale>(
  { mode: optional(oneOf(ScaleMode)), replicas: optional(copies), shrinkStable: optional(flag) },
  '{ mode: "match-weight" }',
);

const canary = strictFor<Canary>(
  {
    steps: optional(list(step, '[{ weight: 10, hold: "300s" }]')),
    route: optional(route),
    scale: optional(scale),
  },
  '{ steps: [{ weight: 10, hold: "300s" }] }',
);

const preview = strictFor<BlueGreenPreview>(
  { replicas: optional(copies), header: optional(header) },
  "{ replicas: 1 }",
);

const blueGreen = strictFor<BlueGreen>(
  { manual: optional(flag), promoteAfter: optional(duration), preview: optional(preview) },
  '{ promoteAfter: "60s" }',
);

const rolling = strictFor<Rolling>(
  {
    maxSurge: optional(copies),
    maxUnavailable: optional(number({ min: 0, max: 100, integer: true })),
    minReady: optional(duration),
  },
  '{ minReady: "10s" }',
);

const immediate = strictFor<Immediate>({ skipBake: optional(flag) }, "{ skipBake: true }");

const threshold = strictFor<Threshold>(
  {
    maxErrorRatio: optional(number({ min: 0, max: 1 })),
    maxTimesOld: optional(number({ min: 1, max: 1e6 })),
    minRequests: optional(number({ min: 1, max: 1e9, integer: true })),
    consecutiveLooks: optional(number({ min: 1, max: 100, integer: true })),
    window: optional(positiveDuration),
  },
  "{ maxErrorRatio: 0.01 }",
);

const sequential = strictFor<Sequential>(
  {
    alpha: optional(number({ min: 0, max: 1, open: true })),
    beta: optional(number({ min: 0, max: 1, open: true })),
    tolerate: optional(number({ min: 1, max: 100 })),
    ignoreBelow: optional(number({ min: 0, max: 1 })),
    sloMax: optional(number({ min: 0, max: 1, open: true })),
    warmUp: optional(duration),
    history: optional(positiveDuration),
    minRequests: optional(number({ min: 1, max: 1e9, integer: true })),
  },
  "{ alpha: 0.01 }",
);

const analysis = strictFor<Analysis>(
  {
    sequential: optional(sequential),
    threshold: optional(threshold),
    requestsPerSecond: optional(number({ min: 0, max: 1e9 })),
    onUndecided: optional(oneOf(OnUndecided)),
    onNoData: optional(oneOf(OnNoData)),
  },
  "{ sequential: { alpha: 0.01 } }",
);

const command = list(filled("the program and its arguments"), '["npm", "run", "migrate"]');

const hook = strictFor<Hook>(
  {
    container: optional(
      strictFor<ContainerHook>({ image: optional(imageReference), command }, '{ command: ["npm", "run", "smoke"] }'),
    ),
    http: optional(
      strictFor<HttpHook>(
        { url: pattern(/^https?:\/\/[^\s"']+$/, "must be an http or https address", 'Write "https://…"') },
        '{ url: "https://checks.example.com/run" }',
      ),
    ),
    lambda: optional(
      strictFor<LambdaHook>(
        {
          arn: pattern(
            /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w:$-]+$/,
            "must be the ARN of a Lambda function",
            'Write "arn:aws:lambda:eu-west-1:123456789012:function:check", for example',
          ),
        },
        '{ arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" }',
      ),
    ),
    timeout: optional(positiveDuration),
  },
  '{ http: { url: "https://checks.example.com/run" } }',
);

const hooks = strictFor<Hooks>(
  {
    beforeDeploy: optional(hook),
    beforeTraffic: optional(hook),
    afterStep: optional(hook),
    beforePromote: optional(hook),
    afterPromote: optional(hook),
    onRollback: optional(hook),
  },
  '{ beforeTraffic: { container: { command: ["npm", "run", "smoke"] } } }',
);

const migration = strictFor<Migration>(
  { command, timeout: optional(positiveDuration), reversible: optional(flag) },
  '{ command: ["npm", "run", "migrate"] }',
);

const moment = pattern(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/,
  "must be a date and time with its offset",
  'Write "2026-12-23T18:00:00+01:00", for example',
);
const minute = pattern(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time of day", 'Write "16:00", for example');

const freeze = strictFor<Freeze>(
  {
    dates: optional(
      list(
        strictFor<FreezeDates>(
          { from: moment, to: moment, reason: optional(filled("the reason")) },
          '{ from: "2026-12-23T18:00:00+01:00", to: "2027-01-02T08:00:00+01:00" }',
        ),
        "[{ from: …, to: … }]",
      ),
    ),
    weekly: optional(
      list(
        strictFor<FreezeWeekly>(
          {
            days: list(oneOf(Weekday), '["friday"]'),
            from: optional(minute),
            to: optional(minute),
            timeZone: optional(filled('"Europe/Berlin", for example')),
            reason: optional(filled("the reason")),
          },
          '{ days: ["friday"], from: "16:00" }',
        ),
        '[{ days: ["friday"], from: "16:00" }]',
      ),
    ),
  },
  '{ weekly: [{ days: ["friday"], from: "16:00" }] }',
);

const emergency = strictFor<Emergency>({ reason: filled("the reason") }, '{ reason: "the shop is down" }');

export const releaseSchema: z.ZodType<Release> = strictFor<Release>(
  {
    rolling: optional(rolling),
    immediate: optional(immediate),
    blueGreen: optional(blueGreen),
    canary: optional(canary),
    analysis: optional(analysis),
    bake: optional(duration),
    progressDeadline: optional(positiveDuration),
    onFailure: optional(oneOf(OnFailure)),
    hooks: optional(hooks),
    migration: optional(migration),
    retainConfigRevisions: optional(number({ min: 1, max: 50, integer: true })),
    freeze: optional(freeze),
    emergency: optional(emergency),
    fit: optional(oneOf(Fit)),
  },
  "{ canary: {} }",
);
