import { z } from "zod";
import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { updates } from "../../model/updates";

const options = z.strictObject({
  days: z.number().int().min(1).default(7).describe("days that a version has to be out before a bot proposes it"),
});

/** What Dependabot waits where nothing is said. Source: the same default in zizmor 1.29. */
const DEPENDABOT_DAYS = 3;

export const wfCooldown = defineRule({
  id: "wf-cooldown",
  title: "Bots wait before they take a new version",
  severity: "medium",
  standards: zizmor("dependabot-cooldown"),
  levels: levels("off", "advisory"),
  model: updates,
  options,
  why: "Most versions that were published to steal something are found and withdrawn within days. A bot that takes them at once brings them into every build.",
  remediation:
    "Set cooldown.default-days for each entry of Dependabot's updates, or minimumReleaseAge for Renovate. Fixes of vulnerabilities do not wait.",
  *check({ bot, settings }, { days }) {
    if (bot === "dependabot") {
      for (const update of settings.at("updates").items()) {
        const at = update.at("cooldown.default-days");
        yield settings.fails("takes new versions too soon", at, () => (at.number() ?? DEPENDABOT_DAYS) < days);
      }
      return;
    }
    const at = settings.at("minimumReleaseAge");
    yield settings.fails("takes new versions too soon", at, () => {
      if (at.present()) return (daysOf(at) ?? days) < days;
      // A preset may say it, and a rule for some packages says it for those.
      return !settings.at("extends").some((each) => !isSilent(each)) && !saysItForSome(settings.at("packageRules"));
    });
  },
});

/** Presets of Renovate that say nothing of it. */
const isSilent = (preset: Cursor): boolean =>
  /^(config:(base|recommended|js-app|js-lib)|:\w+(\(.*\))?|group:\w+|schedule:\w+)$/.test(preset.text() ?? "");

const saysItForSome = (rules: Cursor): boolean => rules.some((rule) => rule.at("minimumReleaseAge").present());

const UNITS: Readonly<Record<string, number>> = { minute: 1 / 1440, hour: 1 / 24, day: 1, week: 7, month: 30 };

/** "7 days" as 7; undefined for what is no such text. */
function daysOf(at: Cursor): number | undefined {
  const [, count, unit = ""] = /^\s*(\d+)\s*([a-z]+?)s?\s*$/i.exec(at.text() ?? "") ?? [];
  const each = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined;
  return count === undefined || each === undefined ? undefined : Number(count) * each;
}
