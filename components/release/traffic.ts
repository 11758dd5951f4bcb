/** The traffic a plan is weighed with. */
export interface Traffic {
  /** Requests per second of the whole service. */
  requestsPerSecond: number;
  /** Share of the old version's requests that fail, 0 to 1. */
  oldErrorRatio: number;
}
