const RESPONSES = "haproxy_server_http_responses_total";

/**
 * What HAProxy counts for a server: answers of the server by class; requests that got no connection to it after all
 * retries; requests whose answer failed (a late, a torn or no answer). Seen on real ones:
 * - Once each: server errors, late answers, refused connections (none when another server took the request).
 * - A torn answer is in its class too: one failure of two requests.
 * - No answer at all: 2.6 counts the first request of a client's connection only, 3.2 and 3.5 count each attempt and
 *   the last one twice. A version that does this is seen by any of them, with a share that is too small or too large.
 */
export const GATEWAY_COUNTERS = [
  RESPONSES,
  "haproxy_server_connection_errors_total",
  "haproxy_server_response_errors_total",
] as const;

/** Whether a series of these counts failures. */
export const isFailure = (metric: Readonly<Record<string, string>>): boolean =>
  metric["__name__"] !== RESPONSES || metric["code"] === "5xx";
