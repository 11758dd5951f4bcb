import { parseDuration } from "../../components/model/duration";
import { wrong } from "./table";

/** Times in seconds since 1970. */
export interface Window {
  from: number;
  to: number;
}

const USUAL_SECONDS = 2 * 3600;

/**
 * The window that --from and --to name. Each is "-20m" from now, a time with its offset, or seconds since 1970.
 * Defaults to the two hours up to now, or up to --to.
 * @throws UsageError
 */
export function windowOf(from: string | undefined, to: string | undefined, now: number): Window {
  const end = to === undefined ? now : moment("--to", to, now);
  const start = from === undefined ? end - USUAL_SECONDS : moment("--from", from, now);
  if (start < end) return { from: start, to: end };
  const got = `${isoTime(start)} to ${isoTime(end)}`;
  throw wrong(`--from must be before --to (got ${got}). Give an earlier --from.`);
}

function moment(option: string, text: string, now: number): number {
  if (text.startsWith("-")) {
    try {
      return now - parseDuration(text.slice(1));
    } catch {
      throw wrong(`${option} ${fault(text)}`);
    }
  }
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) < LATEST) return Number(text);
  const parsed = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(parsed)) throw wrong(`${option} ${fault(text)}`);
  return parsed / 1000;
}

/** Larger numbers are milliseconds. */
const LATEST = 1e11;

const fault = (text: string) =>
  `is no time (got ${JSON.stringify(text)}). Write "-20m", a time with its offset such as "2026-01-31T14:00:00Z", or seconds since 1970.`;

/** "2026-01-31T14:00:00Z", with thousandths where there are some. */
export const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
