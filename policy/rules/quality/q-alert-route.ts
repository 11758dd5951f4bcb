import { z } from "zod";
import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineStackRule, type Stack } from "../../core/rule";
import { prometheusRules, pyrraLevels, slothLevels } from "../../model/alerting";
import { ecsServices } from "../../model/ecs-service";
import { kubernetesObjects } from "../../model/kubernetes-object";
import { objects } from "../../model/object";

const options = z.strictObject({
  routedElsewhere: z
    .boolean()
    .default(false)
    .describe("whether another stack sends the alerts of Prometheus to somebody"),
});

const alertmanagers = kubernetesObjects("Alertmanagers", "monitoring.coreos.com", "Alertmanager");
const routes = kubernetesObjects("routes of Alertmanager", "monitoring.coreos.com", "AlertmanagerConfig");
const contactPoints = objects("contact points of Grafana", "the contact point", [
  "grafana:alerting/contactPoint:ContactPoint",
]);
const alertPolicies = objects("alerts of Google Cloud", "the alert", ["gcp:monitoring/alertPolicy:AlertPolicy"]);

const alarms = objects("alarms of CloudWatch", "the alarm", ["aws:cloudwatch/metricAlarm:MetricAlarm"]);
const compositeAlarms = objects("alarms of other alarms", "the alarm", [
  "aws:cloudwatch/compositeAlarm:CompositeAlarm",
]);
const deploymentGroups = objects("deployment groups of CodeDeploy", "the group", [
  "aws:codedeploy/deploymentGroup:DeploymentGroup",
]);

export const qAlertRoute = defineStackRule({
  id: "q-alert-route",
  title: "Alerts reach somebody",
  severity: "high",
  standards: [
    { name: "Google SRE Workbook", section: "Alerting on SLOs" },
    { name: "Prometheus documentation", section: "Alerting practices" },
  ],
  levels: levels("off", "mandatory"),
  options,
  why: "An alert that nobody gets is as good as none, and is found out in the outage that it was for.",
  remediation:
    "Send it to a receiver: an AlertmanagerConfig with one that reaches somebody, a ContactPoint of Grafana, alarmActions in AWS, or notificationChannels in Google Cloud. Say in routedElsewhere that another stack does it.",
  *check(stack, { routedElsewhere }) {
    const lost = () => !routedElsewhere && !isRouted(stack);
    for (const { object, part } of stack.of(prometheusRules)) {
      const groups = object.at("spec.groups");
      const hasAlerts = () => groups.some((group) => group.at("rules").some((rule) => rule.at("alert").present()));
      yield part.fails("has alerts that reach nobody", groups, () => hasAlerts() && lost());
    }
    for (const { object, part } of stack.of(slothLevels)) {
      const slos = object.at("spec.slos");
      const isOff = (alert: Cursor) => alert.at("disable").read() === true;
      const warns = (slo: Cursor) => !isOff(slo.at("alerting.pageAlert")) || !isOff(slo.at("alerting.ticketAlert"));
      yield part.fails("has alerts that reach nobody", slos, () => slos.some(warns) && lost());
    }
    for (const { object, part } of stack.of(pyrraLevels)) {
      const off = object.at("spec.alerting.disabled");
      yield part.fails("has alerts that reach nobody", off, () => off.read() !== true && lost());
    }
    for (const { object, part } of stack.of(routes)) {
      const receivers = object.at("spec.receivers");
      yield part.fails("has no receiver that reaches anybody", receivers, () => !receivers.some(reachesSomebody));
    }
    for (const alarm of [...stack.of(alarms), ...stack.of(compositeAlarms)]) {
      const actions = alarm.at("alarmActions");
      yield alarm.fails("reaches nobody", actions, () => !actions.hasItems() && !isUsed(stack, alarm));
    }
    for (const alert of stack.of(alertPolicies)) {
      const channels = alert.at("notificationChannels");
      yield alert.fails("reaches nobody", channels, () => alert.at("enabled").read() !== false && !channels.hasItems());
    }
  },
});

/** Whether something else looks at an alarm: a release, or another alarm. @throws UnknownValue */
function isUsed(stack: Stack, alarm: Part): boolean {
  const name = alarm.at("name").text() ?? alarm.at("alarmName").text();
  const names = (list: Cursor) => list.some((each) => each.read() === name);
  return (
    findOf(stack.of(ecsServices), (service) => names(service.at("alarms.alarmNames"))) !== undefined ||
    findOf(stack.of(deploymentGroups), (group) => names(group.at("alarmConfiguration.alarms"))) !== undefined ||
    findOf(
      stack.of(compositeAlarms),
      (other) => name !== undefined && (other.at("alarmRule").text() ?? "").includes(name),
    ) !== undefined
  );
}

/** A receiver has a list for each way to reach people: "emailConfigs", "pagerdutyConfigs". */
const reachesSomebody = (receiver: Cursor): boolean =>
  findOf(receiver.entries(), ([name, configs]) => {
    if (configs.unknown) configs.read();
    return /Configs$/.test(name) && configs.hasItems();
  }) !== undefined;

function isRouted(stack: Stack): boolean {
  // The configuration of an Alertmanager may be in a Secret, where it cannot be read.
  if (stack.of(alertmanagers).length > 0 || stack.of(contactPoints).length > 0) return true;
  return findOf(stack.of(routes), ({ object }) => object.at("spec.receivers").some(reachesSomebody)) !== undefined;
}
