import { expect, it } from "vitest";
import { canBeExpression, isBurnRate, windowsOf } from "./promql";

it.each([
  'max_over_time(status{reason="CrashLoopBackOff"}[5m]) >= 1',
  "-1 * x > -2",
  "a - -b",
  "x offset -5m > 0",
  "max_over_time(rate(x[5m])[1h:1m])",
  "x ^ -1 > +Inf",
  `x{a="it's", b='say "hi"', c=\`b\\\`} > bool 1`,
  "up == 0 # the instance (is down",
  'label_replace(x, "a", "$1", "b", "(.*)")',
  "1",
])("can be read: %s", (text) => expect(canBeExpression(text)).toBe(true));

it.each(["", " ", "# nothing", "(", "a >", "> 1 )", "rate(x[5m)", 'x{a="b}', "sum by (a (b)", "* x", "a / )"])(
  "can not be read: %s",
  (text) => expect(canBeExpression(text)).toBe(false),
);

it("finds the windows of ranges and of recorded values", () => {
  expect(windowsOf("rate(x[5m]) > 1 and rate(x[1h]) > 1 and rate(x[5m]) > 2")).toEqual(["5m", "1h"]);
  expect(windowsOf("slo:errors:ratio_rate30m > 1 and a:burnrate:6h > 1")).toEqual(["30m", "6h"]);
  expect(windowsOf("up == 0")).toEqual([]);
});

it("knows what asks how fast a budget is used up", () => {
  expect(["slo:errors:ratio_rate5m", "a:burnrate5m", "a:burn_rate:5m"].map(isBurnRate)).toEqual([true, true, true]);
  expect(["up == 0", "rate(x[5m])", "slow:requests"].map(isBurnRate)).toEqual([false, false, false]);
});
