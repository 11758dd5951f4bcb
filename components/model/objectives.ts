/** Share of the requests that must be answered in time. */
export interface LatencyObjective {
  /** The time, with its unit: "500ms". It must be a bucket boundary of the service's duration histogram. */
  within: string;
  /** Share of the requests, above 0 and below 1. */
  ratio: number;
}

/** What a service promises. */
export interface Objectives {
  /** Share of the requests answered without a server error, above 0 and below 1: 0.999. */
  availability?: number;
  latency?: LatencyObjective;
  /** Time over which the promise holds and the error budget is counted, with its unit. Defaults to "30d". */
  window?: string;
}
