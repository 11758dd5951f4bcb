import type { Image } from "./image";

/** How many copies of a service run. Either `count`, or `min` and `max` with a target for an autoscaler. */
export interface Replicas {
  /** Fixed number of copies, 1 to 100. Defaults to 1 when `min` is not set either. */
  count?: number;
  /** Fewest copies when an autoscaler owns the number. */
  min?: number;
  /** Most copies when an autoscaler owns the number. */
  max?: number;
  /** Average CPU use, in percent of the request, that the autoscaler aims at. Defaults to 70. */
  targetCpuPercent?: number;
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

/** A service, said once and understood by every target. Plain data. */
export interface Service {
  /** What runs. */
  image: Image;
  /** Port the container listens on, 1 to 65535. */
  port: number;
  /** Command instead of the image's own. */
  command?: string[];
  /** Environment variables that are no secrets. */
  env?: Record<string, string>;
  /** Number of copies. Defaults to one. */
  replicas?: Replicas;
  /** CPU and memory of one copy. */
  resources?: Resources;
  /** Probes. */
  health: Health;
  /** Metrics of the service itself. Defaults to none, and then no latency objective can be judged on a host. */
  metrics?: Metrics;
  /** Time a copy has to finish its work after SIGTERM, with its unit. Defaults to "30s". */
  stopTimeout?: string;
}
