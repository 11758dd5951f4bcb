import fc from "fast-check";
import type { Image } from "../image";
import type { Objectives } from "../objectives";
import {
  type CanaryRoute,
  type CanaryScale,
  type CanaryStep,
  Fit,
  type Freeze,
  Gate,
  type HeaderMatch,
  type Hook,
  type Hooks,
  OnFailure,
  OnNoData,
  OnUndecided,
  type Release,
  ScaleMode,
  Weekday,
} from "../release";
import {
  Architecture,
  type HttpProbe,
  type Replicas,
  type SecretReference,
  type Service,
  Spread,
  type Volume,
  Workload,
} from "../service";

// Generators of valid values: every setting present or absent, limits included.

/** An object of which every key may be absent. */
export const partial = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { requiredKeys: [] });

const amount = (unit: string, least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((number) => `${number}${unit}`);
export const duration = fc.oneof(amount("s", 0, 900), amount("m", 0, 60), amount("ms", 0, 5000), fc.constant("1.5h"));
export const positiveDuration = fc.oneof(amount("s", 1, 900), amount("m", 1, 60), amount("ms", 1, 5000));
const copies = fc.integer({ min: 1, max: 100 });
export const path = fc.constantFrom("/", "/ready", "/health/deep?all=1", "/%20");
const percent = fc.integer({ min: 1, max: 100 });
export const port = fc.integer({ min: 1, max: 65535 });
export const variables = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/), fc.stringMatching(/^[^\0]{0,9}$/), {
  maxKeys: 3,
});

const probe: fc.Arbitrary<HttpProbe> = fc.record(
  { path, interval: positiveDuration, timeout: positiveDuration, healthyAfter: copies, unhealthyAfter: copies },
  { requiredKeys: ["path"] },
);

export const image: fc.Arbitrary<Image> = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{64}$/).map((digest) => ({ reference: `registry.example.com/shop@sha256:${digest}` })),
  fc.record({
    build: fc.record(
      {
        context: fc.constantFrom(".", "./shop"),
        dockerfile: fc.constant("docker/Dockerfile"),
        args: variables,
        target: fc.constant("runtime"),
        platforms: fc.subarray(["linux/amd64", "linux/arm64", "linux/arm/v7"]),
      },
      { requiredKeys: ["context"] },
    ),
  }),
);

const replicas: fc.Arbitrary<Replicas> = fc.oneof(
  partial({ count: copies }),
  fc
    .tuple(
      copies,
      copies,
      partial({
        targetCpuPercent: percent,
        targetMemoryPercent: percent,
        targetRequestsPerSecond: fc.constantFrom(0.5, 100),
        targetMetric: fc.constant({ query: "sum(queue_length)", perCopy: 10 }),
      }),
    )
    .map(([one, two, targets]) => ({ min: Math.min(one, two), max: Math.max(one, two), ...targets })),
);

const reference: fc.Arbitrary<SecretReference> = fc.record(
  {
    store: fc.constant("shop-database"),
    key: fc.constant("url"),
    version: fc.constant("3"),
    variable: fc.boolean(),
  },
  { requiredKeys: ["store"] },
);

const volumes: fc.Arbitrary<Record<string, Volume>> = fc
  .uniqueArray(fc.constantFrom("cache", "data-1", "logs"), { maxLength: 3 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .record(
            {
              path: fc.constant(`/var/${name}`),
              size: fc.constantFrom("1GiB", "500MB"),
              persistent: fc.boolean(),
              readOnly: fc.boolean(),
            },
            { requiredKeys: ["path"] },
          )
          .map((volume) => [name, volume] as const),
      ),
    ),
  )
  .map((entries) => Object.fromEntries(entries));

export const services: fc.Arbitrary<Service> = fc.record(
  {
    image,
    port: fc.integer({ min: 1, max: 9000 }),
    ports: fc
      .uniqueArray(fc.integer({ min: 9001, max: 65535 }), { maxLength: 2 })
      .map((numbers) => Object.fromEntries(numbers.map((number, index) => [`extra-${index}`, number]))),
    command: fc.array(fc.stringMatching(/^[^\0]{0,9}$/), { maxLength: 3 }),
    env: variables,
    secrets: fc.dictionary(fc.constantFrom("database-url", "API_KEY", "tls.crt"), reference, { maxKeys: 2 }),
    files: fc.dictionary(fc.constantFrom("/etc/shop/settings.json", "/srv/motd"), fc.constant("{}"), { maxKeys: 2 }),
    replicas,
    resources: partial({
      cpu: fc.constantFrom("0.25", "250m", "4"),
      memory: fc.constantFrom("64MiB", "1GiB", "512MB"),
    }),
    health: fc.record(
      { readiness: probe, liveness: probe, startup: probe, startTimeout: positiveDuration },
      { requiredKeys: ["readiness"] },
    ),
    metrics: partial({ path, port, durationHistogram: fc.constant("request_seconds") }),
    workload: fc.constantFrom(...Object.values(Workload)),
    scheduling: partial({
      spread: fc.constantFrom(...Object.values(Spread)),
      architecture: fc.constantFrom(...Object.values(Architecture)),
      spot: fc.boolean(),
      machineLabels: fc.constant({ pool: "web" }),
    }),
    volumes,
    stopDelay: duration,
    stopTimeout: duration,
  },
  { requiredKeys: ["image", "port", "health"] },
);

export const steps: fc.Arbitrary<CanaryStep[]> = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0.1, 12.5, 33.3, 99.9)), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((weights) =>
    fc.tuple(
      ...weights
        .sort((a, b) => a - b)
        .map((weight) =>
          fc.record(
            { weight: fc.constant(weight), hold: positiveDuration, gate: fc.constantFrom(...Object.values(Gate)) },
            { requiredKeys: ["weight"] },
          ),
        ),
    ),
  );

const header: fc.Arbitrary<HeaderMatch> = fc.constantFrom({ name: "x-canary", value: "always" });

const route: fc.Arbitrary<CanaryRoute> = partial({
  header,
  mirrorPercent: fc.constantFrom(0.1, 10, 100),
  sticky: partial({ cookie: fc.constant("shop"), ttl: positiveDuration }),
});

const scale: fc.Arbitrary<CanaryScale> = fc.oneof(
  partial<CanaryScale>({ mode: fc.constant(ScaleMode.matchWeight), shrinkStable: fc.boolean() }),
  fc.record({ mode: fc.constant(ScaleMode.fixed), replicas: copies }),
);

const command: fc.Arbitrary<string[]> = fc.constant(["npm", "run", "check"]);

const hook: fc.Arbitrary<Hook> = fc
  .tuple(
    fc.oneof(
      fc.record({ container: fc.record({ command }) }),
      fc.constant({ http: { url: "https://checks.example.com/run" } }),
      fc.constant({ lambda: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:check" } }),
    ),
    partial({ timeout: positiveDuration }),
  )
  .map(([call, rest]) => ({ ...call, ...rest }));

const freeze: fc.Arbitrary<Freeze> = partial({
  dates: fc.constant([{ from: "2026-12-23T18:00:00+01:00", to: "2027-01-02T08:00:00+01:00", reason: "holidays" }]),
  weekly: fc.array(
    fc.record(
      {
        days: fc.subarray(Object.values(Weekday), { minLength: 1 }),
        from: fc.constantFrom("00:00", "16:00"),
        to: fc.constantFrom("20:00", "24:00"),
        timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
      },
      { requiredKeys: ["days"] },
    ),
    { minLength: 1, maxLength: 2 },
  ),
});

/** What a failed release leaves, with a migration that allows it. */
const failures: fc.Arbitrary<Pick<Release, "onFailure" | "migration">> = fc.oneof(
  partial({
    onFailure: fc.constantFrom(...Object.values(OnFailure)),
    migration: fc.record({ command, timeout: positiveDuration }, { requiredKeys: ["command"] }),
  }),
  fc.record({
    onFailure: fc.constant(OnFailure.pause),
    migration: fc.record({ command, reversible: fc.constant(false) }),
  }),
);

const inside = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
const sequentialSettings = partial({
  alpha: inside,
  beta: inside,
  tolerate: fc.double({ min: 1, max: 100, noNaN: true }),
  ignoreBelow: fc.double({ min: 0, max: 1, noNaN: true }),
  sloMax: inside,
  warmUp: duration,
  history: positiveDuration,
  minRequests: fc.integer({ min: 1, max: 1000 }),
});
const thresholdSettings = partial({
  maxErrorRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  maxTimesOld: fc.double({ min: 1, max: 10, noNaN: true }),
  minRequests: fc.integer({ min: 1, max: 1000 }),
  consecutiveLooks: fc.integer({ min: 1, max: 10 }),
  window: positiveDuration,
});
const analysisOptions = {
  requestsPerSecond: fc.constantFrom(0, 0.5, 20, 5000),
  onUndecided: fc.constantFrom(...Object.values(OnUndecided)),
  onNoData: fc.constantFrom(...Object.values(OnNoData)),
};

const common = {
  analysis: fc.oneof(
    partial({ sequential: sequentialSettings, ...analysisOptions }),
    partial({ threshold: thresholdSettings, ...analysisOptions }),
  ),
  bake: duration,
  progressDeadline: positiveDuration,
  hooks: partial<Hooks>({
    beforeDeploy: hook,
    beforeTraffic: hook,
    afterStep: hook,
    beforePromote: hook,
    afterPromote: hook,
    onRollback: hook,
  }),
  retainConfigRevisions: fc.integer({ min: 1, max: 50 }),
  freeze,
  emergency: fc.constant({ reason: "the shop is down" }),
  fit: fc.constantFrom(...Object.values(Fit)),
};

const strategies: fc.Arbitrary<Release> = fc.oneof(
  partial<Release>(common),
  partial<Release>({
    ...common,
    rolling: partial({ maxSurge: copies, maxUnavailable: fc.integer({ min: 0, max: 100 }), minReady: duration }),
  }),
  partial<Release>({ ...common, immediate: partial({ skipBake: fc.boolean() }) }),
  partial<Release>({
    ...common,
    blueGreen: partial({
      manual: fc.boolean(),
      promoteAfter: duration,
      preview: partial({ replicas: copies, header }),
    }),
  }),
  partial<Release>({ ...common, canary: partial({ steps, route, scale }) }),
);

export const releases: fc.Arbitrary<Release> = fc
  .tuple(strategies, failures)
  .map(([strategy, failure]) => ({ ...strategy, ...failure }));

export const objectives: fc.Arbitrary<Objectives> = partial({
  availability: fc.constantFrom(0.9, 0.95, 0.99, 0.999, 0.9999),
  latency: fc.record({ within: positiveDuration, ratio: fc.constantFrom(0.9, 0.95, 0.999) }),
  window: fc.constantFrom("30d", "168h"),
});
