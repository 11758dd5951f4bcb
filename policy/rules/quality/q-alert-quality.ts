import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { prometheusRules } from "../../model/alerting";
import { canBeExpression, isBurnRate, windowsOf } from "../../model/promql";

const FIELDS = [
  ["for", "fires at the first bad moment"],
  ["labels.severity", "does not say how urgent it is"],
  ["labels.service", "does not say which service it is about"],
  ["annotations.runbook_url", "does not say what to do"],
] as const;

export const qAlertQuality = defineRule({
  id: "q-alert-quality",
  title: "Alerts can be read, wait, and say how urgent they are, whose they are and what to do",
  severity: "medium",
  standards: [
    { name: "Prometheus documentation", section: "Alerting practices" },
    { name: "Google SRE Workbook", section: "Alerting on SLOs" },
  ],
  levels: levels("advisory", "mandatory"),
  model: prometheusRules,
  why: "An alert that wakes somebody for nothing, or without saying what to do, is soon ignored.",
  remediation:
    "Give the alert a time in for, the labels severity and service, and the annotation runbook_url. Let an alert on a burn rate ask for a long window and a short one.",
  *check({ object }) {
    const rules = object
      .at("spec.groups")
      .items()
      .flatMap((group) => group.at("rules").items());
    for (const rule of rules) {
      const [part, name, severity] = [new Part(rule, "the alert"), rule.at("alert"), rule.at("labels.severity")];
      const expression = rule.at("expr");
      yield part.fails("has an expression that nothing can read", expression, () => {
        const text = expression.read();
        return name.present() && typeof text !== "number" && !canBeExpression(typeof text === "string" ? text : "");
      });
      yield part.fails("looks at one window of its burn rate", expression, () => {
        const text = expression.text() ?? "";
        return name.present() && isBurnRate(text) && windowsOf(text).length === 1;
      });
      for (const [field, what] of FIELDS) {
        const value = rule.at(field);
        // One of the severity none calls nobody: it shows that alerts arrive, or holds others back.
        yield part.fails(
          what,
          value,
          () => name.present() && (value.text() ?? "").trim() === "" && severity.read() !== "none",
        );
      }
    }
  },
});
