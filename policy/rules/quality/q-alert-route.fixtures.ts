import { of } from "../../testing/cloud";
import { object } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const prometheus = (...rules: unknown[]) => object("monitoring.coreos.com/v1:PrometheusRule", { groups: [{ rules }] });
const alert = prometheus({ alert: "ErrorsHigh", expr: "errors > 1" });
const config = (receivers: unknown) => object("monitoring.coreos.com/v1alpha1:AlertmanagerConfig", { receivers });
const mail = config([{ name: "null" }, { name: "shop", emailConfigs: [{ to: "shop@example.com" }] }]);
const sloth = (alerting: unknown) => object("sloth.slok.dev/v1:PrometheusServiceLevel", { slos: [{ alerting }] });
const pyrra = (alerting: unknown) => object("pyrra.dev/v1alpha1:ServiceLevelObjective", { alerting });
const alarm = of("aws:cloudwatch/metricAlarm:MetricAlarm");
const composite = (alarmActions: unknown) =>
  of("aws:cloudwatch/compositeAlarm:CompositeAlarm")({
    alarmName: "any",
    alarmRule: "ALARM(shop)",
    alarmActions,
  });
const google = of("gcp:monitoring/alertPolicy:AlertPolicy");
const silent = { pageAlert: { disable: true }, ticketAlert: { disable: true } };

export const fixtures: Fixtures = {
  pass: [
    example("an alert and a receiver", alert, mail),
    example("an alert and an Alertmanager", alert, object("monitoring.coreos.com/v1:Alertmanager", {})),
    example("an alert and a contact point", alert, of("grafana:alerting/contactPoint:ContactPoint")({ name: "shop" })),
    { ...example("a receiver in another stack", alert, sloth({})), options: { routedElsewhere: true } },
    example("recorded values only", prometheus({ record: "a:b", expr: "c" })),
    example("objectives without alerts", sloth(silent), pyrra({ disabled: true })),
    example("an alarm of AWS", alarm({ name: "shop", alarmActions: ["arn:aws:sns:eu-west-1:123456789012:page"] })),
    example(
      "alarms that a release looks at",
      alarm({ name: "shop" }),
      alarm({ name: "till" }),
      of("aws:ecs/service:Service")({ alarms: { alarmNames: ["shop"] } }),
      of("aws:codedeploy/deploymentGroup:DeploymentGroup")({ alarmConfiguration: { alarms: ["till"] } }),
    ),
    example("an alarm that another looks at", alarm({ name: "shop" }), composite(["arn:aws:sns:eu-west-1:1:page"])),
    example("an alert of Google Cloud", google({ notificationChannels: ["projects/p/notificationChannels/1"] })),
    example("one that is switched off", google({ enabled: false })),
  ],
  fail: [
    broken("an alert alone", "spec.groups", alert),
    broken(
      "an alert beside a recorded value",
      "spec.groups",
      prometheus({ record: "a:b", expr: "c" }, { alert: "ErrorsHigh", expr: "errors > 1" }),
    ),
    broken("receivers that are nobody", ["spec.groups", "spec.receivers"], alert, config([{ name: "null" }])),
    broken("an objective of Sloth", "spec.slos", sloth({ ...silent, pageAlert: {} })),
    broken("an objective of Pyrra", "spec.alerting.disabled", pyrra({})),
    broken("an alarm of AWS without an action", "alarmActions", alarm({ name: "shop" })),
    broken("an alarm of other alarms without an action", "alarmActions", alarm({ name: "shop" }), composite([])),
    broken("an alert of Google Cloud without a channel", "notificationChannels", google({ notificationChannels: [] })),
  ],
  malformed: [
    malformed("receivers that are a text", "fail", config("shop")),
    malformed("groups that are a text", "pass", object("monitoring.coreos.com/v1:PrometheusRule", { groups: "a" })),
  ],
  wrongKind: [example("rules of another group", { ...alert, type: "kubernetes:example.com/v1:PrometheusRule" })],
};
