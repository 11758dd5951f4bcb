import { object } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const AT = "spec.groups[0].rules[0]";
const alert = {
  alert: "ErrorsHigh",
  expr: "errors > 1",
  for: "5m",
  labels: { severity: "page", service: "shop" },
  annotations: { runbook_url: "https://example.com/runbook" },
};
const rules = (...all: unknown[]) => object("monitoring.coreos.com/v1:PrometheusRule", { groups: [{ rules: all }] });

export const fixtures: Fixtures = {
  pass: [
    example("an alert that says all", rules(alert)),
    example(
      "a burn rate over two windows",
      rules({ ...alert, expr: "slo:errors:ratio_rate5m > 0.0144 and slo:errors:ratio_rate1h > 0.0144" }),
    ),
    example(
      "a burn rate by ranges",
      rules({ ...alert, expr: 'burnrate(errors{job="a)"}[5m]) > 14.4 and burnrate(errors[1h]) > 14.4 # ends (here' }),
    ),
    example("an expression that is a number", rules({ ...alert, expr: 1 })),
    example(
      "one that calls nobody",
      rules({ alert: "Watchdog", expr: "vector(1)", labels: { severity: "none" }, annotations: {} }),
    ),
    example("a recorded value", rules({ record: "a:b", expr: "c" })),
  ],
  fail: [
    broken(
      "an alert that says nothing",
      [`${AT}.for`, `${AT}.labels.severity`, `${AT}.labels.service`, `${AT}.annotations.runbook_url`],
      rules({ alert: "ErrorsHigh", expr: "errors > 1" }),
    ),
    broken("a burn rate over one window", `${AT}.expr`, rules({ ...alert, expr: "slo:errors:ratio_rate5m > 0.01" })),
    broken("an expression that does not end", `${AT}.expr`, rules({ ...alert, expr: "rate(errors[5m) > 1" })),
    broken("a text that does not end", `${AT}.expr`, rules({ ...alert, expr: 'errors{job="a} > 1' })),
    broken("a comparison with nothing", `${AT}.expr`, rules({ ...alert, expr: "errors >" })),
    broken("no expression", `${AT}.expr`, rules({ ...alert, expr: " " })),
    broken(
      "an empty runbook, in the second alert",
      "spec.groups[0].rules[1].annotations.runbook_url",
      rules(alert, { ...alert, annotations: { runbook_url: "" } }),
    ),
  ],
  malformed: [
    malformed("groups that are a text", "pass", object("monitoring.coreos.com/v1:PrometheusRule", { groups: "a" })),
    malformed("a rule that is null", "pass", rules(null)),
    malformed("a time that is a number", "fail", rules({ ...alert, for: 5 })),
  ],
  wrongKind: [
    example("rules of another group", { ...rules({ alert: "A" }), type: "kubernetes:example.com/v1:PrometheusRule" }),
  ],
};
