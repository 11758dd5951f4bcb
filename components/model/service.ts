import type { Image } from "./image";

/** What kind of copies run. */
export const Workload = {
  /** Copies that are all the same and keep nothing. */
  replicated: "replicated",
  /** Copies with a name and a volume of their own. They cannot be released by weight. */
  stateful: "stateful",
  /** One copy on every machine. It cannot be released by weight. */
  perMachine: "per-machine",
} as const;
export type Workload = (typeof Workload)[keyof typeof Workload];

/** What copies are kept apart by. */
export const Spread = { zone: "zone", machine: "machine" } as const;
export type Spread = (typeof Spread)[keyof typeof Spread];

export const Architecture = { amd64: "amd64", arm64: "arm64" } as const;
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** A number of one's own that an autoscaler keeps at a value. */
export interface ScaleMetric {
  /** PromQL that gives one number for the whole service. */
  query: string;
  /** Value for each copy, above 0. */
  perCopy: number;
}

/** How many copies of a service run. Either `count`, or `min` and `max` with a target for an autoscaler. */
export interface Replicas {
  /** Fixed number of copies, 1 to 100. Defaults, without `min`, to 2 on Kubernetes, to 1 with names and elsewhere. */
  count?: number;
  /** Fewest copies when an autoscaler owns the number. */
  min?: number;
  /** Most copies when an autoscaler owns the number. */
  max?: number;
  /** Average CPU use, in percent of the request, that the autoscaler aims at. Defaults to 70 without another target. */
  targetCpuPercent?: number;
  /** Average memory use, in percent of the request, that the autoscaler aims at. */
  targetMemoryPercent?: number;
  /** Requests per second and copy that the autoscaler aims at. */
  targetRequestsPerSecond?: number;
  /** Another number that the autoscaler goes by. */
  targetMetric?: ScaleMetric;
}

/** What one copy of a service may use. */
export interface Resources {
  /** CPU cores, as a decimal: "0.25" is a quarter of a core, and so is "250m". Defaults to "0.5". */
  cpu?: string;
  /** Memory with its unit: "256MiB", "1GiB", "512MB". At least "6MiB". Defaults to "256MiB". */
  memory?: string;
}

/** An HTTP request that tells whether a copy is well: any answer from 200 to 399 is. */
export interface HttpProbe {
  /** Path to ask for, with a leading slash: "/ready". */
  path: string;
  /** Time between two requests, with its unit. Defaults to "2s". */
  interval?: string;
  /** Time after which a request counts as failed, with its unit. Defaults to "1s". */
  timeout?: string;
  /** Good answers in a row before a copy gets traffic. Defaults to 3. */
  healthyAfter?: number;
  /** Bad answers in a row before a copy loses its traffic. Defaults to 3. */
  unhealthyAfter?: number;
}

/** Probes of a service. */
export interface Health {
  /** A copy gets traffic while this answers. */
  readiness: HttpProbe;
  /** A copy is restarted when this stops to answer, on targets that restart. Defaults to none. */
  liveness?: HttpProbe;
  /** Asked until it answers for the first time; only then the others begin. Defaults to none. */
  startup?: HttpProbe;
  /** Longest time from start to ready, with its unit. Defaults to "60s". */
  startTimeout?: string;
}

/** Where a service shows its own metrics in Prometheus' text format. */
export interface Metrics {
  /** Path of the metrics. Defaults to "/metrics". */
  path?: string;
  /** Port of the metrics. Defaults to the port of the service. */
  port?: number;
  /**
   * Base name of the histogram of request durations in seconds, which latency objectives read.
   * Defaults to "http_request_duration_seconds".
   */
  durationHistogram?: string;
}

/** A secret in the target's own secret store. Its value is never part of a model. */
export interface SecretReference {
  /** Name in the store. */
  store: string;
  /** Key inside, where the store has several values under a name. */
  key?: string;
  /** Version in the store. Defaults to the newest. */
  version?: string;
  /** Hand it over as an environment variable instead of the file /run/secrets/NAME. Defaults to false. */
  variable?: boolean;
}

/** Where copies run. Hints: a target that knows no such thing says so. */
export interface Scheduling {
  /** Defaults to "zone". */
  spread?: Spread;
  /** Defaults to the machines' own. */
  architecture?: Architecture;
  /** Capacity that may be taken away, for less money. Defaults to false. */
  spot?: boolean;
  /** Labels that the machine must have. */
  machineLabels?: Record<string, string>;
}

/** A folder that outlives a request. */
export interface Volume {
  /** Folder in the container: "/var/cache". */
  path: string;
  /** Size with its unit. Defaults to "1GiB". */
  size?: string;
  /** Whether it outlives its copy. Defaults to false. */
  persistent?: boolean;
  /** Defaults to false. */
  readOnly?: boolean;
}

/** A service, said once and understood by every target. Plain data. */
export interface Service {
  /** What runs. */
  image: Image;
  /** Port the container listens on, 1 to 65535. */
  port: number;
  /** Further ports by name: { admin: 9000 }. Only the main port gets requests. */
  ports?: Record<string, number>;
  /** Command instead of the image's own. */
  command?: string[];
  /** Environment variables that are no secrets. */
  env?: Record<string, string>;
  /** Secrets by name, each a reference into the target's store. */
  secrets?: Record<string, SecretReference>;
  /** Files by their path in the container, with their content. No secrets. */
  files?: Record<string, string>;
  /** Number of copies. Defaults to two on Kubernetes, but for copies with names, and else to one. */
  replicas?: Replicas;
  /** CPU and memory of one copy. */
  resources?: Resources;
  /** Probes. */
  health: Health;
  /** Metrics of the service itself. Defaults to none, and then no latency objective can be judged on a host. */
  metrics?: Metrics;
  /** Kind of copies. Defaults to "replicated". */
  workload?: Workload;
  /** Where copies run. */
  scheduling?: Scheduling;
  /** Folders by name. */
  volumes?: Record<string, Volume>;
  /** Time between leaving the load balancer and SIGTERM, with its unit. Defaults to "0s". */
  stopDelay?: string;
  /** Time a copy has to finish its work after SIGTERM, with its unit. Defaults to "30s". */
  stopTimeout?: string;
}
