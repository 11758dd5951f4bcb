import type { Freeze, FreezeDates, FreezeWeekly } from "../../model/release";
import type { FreezePolicy, PolicyDate, PolicyTime, RolloutRestriction } from "./cloud-run-deploy";

/** No release begins; one that is under way goes on, since it would stand at its weight for the whole freeze. */
const ACTIONS = ["CREATE"];

/** Freeze windows as a policy of Cloud Deploy, which refuses releases by whatever way they come. */
export function freezePolicy(targetId: string, { dates = [], weekly = [] }: Freeze): FreezePolicy | undefined {
  const rules = [...(dates.length > 0 ? [restrictDates(dates)] : []), ...weekly.map(restrictWeekly)];
  if (rules.length === 0) return undefined;
  const reasons = [...dates, ...weekly].flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return {
    ...(reasons.length > 0 && { description: [...new Set(reasons)].join("; ") }),
    selectors: [{ target: { id: targetId } }],
    rules: rules.map((rolloutRestriction) => ({ rolloutRestriction })),
  };
}

function restrictDates(dates: readonly FreezeDates[]): RolloutRestriction {
  const oneTimeWindows = dates.map(({ from, to }) => {
    const [start, end] = [momentOf(from, Math.floor), momentOf(to, Math.ceil)];
    return { startDate: start.date, startTime: start.time, endDate: end.date, endTime: end.time };
  });
  return { id: "freeze-dates", actions: ACTIONS, timeWindows: { timeZone: "UTC", oneTimeWindows } };
}

/** A moment in UTC. Fractions of a second belong to the freeze. */
function momentOf(text: string, round: (seconds: number) => number): { date: PolicyDate; time: PolicyTime } {
  const at = new Date(round(Date.parse(text) / 1000) * 1000);
  return {
    date: { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
    time: { hours: at.getUTCHours(), minutes: at.getUTCMinutes(), seconds: at.getUTCSeconds() },
  };
}

function restrictWeekly(hours: FreezeWeekly, index: number): RolloutRestriction {
  const { days, from = "00:00", to = "24:00", timeZone = "UTC" } = hours;
  const weekly = {
    daysOfWeeks: days.map((day) => day.toUpperCase()),
    startTime: timeOf(from),
    endTime: timeOf(to),
  };
  return { id: `freeze-weekly-${index}`, actions: ACTIONS, timeWindows: { timeZone, weeklyWindows: [weekly] } };
}

function timeOf(text: string): PolicyTime {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return { hours, minutes };
}
