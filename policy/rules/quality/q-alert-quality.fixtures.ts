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
    example("a recorded value", rules({ record: "a:b", expr: "c" })),
  ],
  fail: [
    broken(
      "an alert that says nothing",
      [`${AT}.for`, `${AT}.labels.severity`, `${AT}.labels.service`, `${AT}.annotations.runbook_url`],
      rules({ alert: "ErrorsHigh", expr: "errors > 1" }),
    ),
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
