import type { Freeze, FreezeWeekly, Weekday } from "../model/release";

/** Why nothing may be released at a moment, in words, and until when; undefined when something may. */
export function frozen(freeze: Freeze, now: Date): string | undefined {
  for (const { from, to, reason } of freeze.dates ?? []) {
    if (now >= new Date(from) && now < new Date(to)) return `nothing is released until ${to}${because(reason)}`;
  }
  for (const hours of freeze.weekly ?? []) {
    const { day, minute } = localTime(now, hours.timeZone ?? "UTC");
    const { from = "00:00", to = "24:00" } = hours;
    if (!hours.days.includes(day) || minute < from || minute >= to) continue;
    return `nothing is released on a ${day} from ${from} to ${to} ${hours.timeZone ?? "UTC"}${because(hours.reason)}`;
  }
  return undefined;
}

const because = (reason: string | undefined) => (reason === undefined ? "" : `: ${reason}`);

/** Weekday and "HH:MM" of a moment where the time zone is. */
function localTime(now: Date, timeZone: NonNullable<FreezeWeekly["timeZone"]>): { day: Weekday; minute: string } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((found) => found.type === type)?.value ?? "";
  return { day: part("weekday").toLowerCase() as Weekday, minute: `${part("hour")}:${part("minute")}` };
}
