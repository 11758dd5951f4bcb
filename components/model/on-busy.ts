/** What a release does when another one of the same service is still running. */
export const OnBusy = {
  /** Say which one, wait for its end, then begin. */
  wait: "wait",
  /** End at once with an error that says which one. */
  stop: "stop",
} as const;
export type OnBusy = (typeof OnBusy)[keyof typeof OnBusy];
