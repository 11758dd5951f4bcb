import { z } from "zod";
import { type Cursor, findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import { defineStackRule, type Stack } from "../../core/rule";
import { prometheusRules, pyrraLevels, slothLevels } from "../../model/alerting";
import { cloudRunServices } from "../../model/cloud-run";
import { ecsServices } from "../../model/ecs-service";
import { kubernetesObjects } from "../../model/kubernetes-object";
import { isOfPlatform, platformNamespaces } from "../../model/namespace";
import { objects } from "../../model/object";
import { podWorkload } from "../../model/podspec";
import { isAsked } from "../../model/selection";

const options = z.strictObject({
  /** Names of services that another stack measures. Defaults to none. */
  measuredElsewhere: z.array(z.string().min(1)).default([]),
  platformNamespaces,
});

const openSlos = kubernetesObjects("objectives of OpenSLO", "openslo.com", "SLO");
const googleSlos = objects("objectives of Google Cloud", "the objective", ["gcp:monitoring/slo:Slo"]);
const grafanaSlos = objects("objectives of Grafana", "the objective", ["grafana:slo/sLO:SLO"]);
/** Labels that name a workload's service, the most telling one first. */
const NAMES = ["service", "headgate.dev/service", "app.kubernetes.io/name"];

export const qSlo = defineStackRule({
  id: "q-slo",
  title: "Every service has an objective that is measured",
  severity: "high",
  standards: [{ name: "Google SRE Workbook", section: "Implementing SLOs" }],
  levels: levels("off", "mandatory"),
  options,
  why: "Without an objective nobody can say whether the service is good enough, nor when to stop releasing.",
  remediation:
    'Give the service an objective: a PrometheusServiceLevel of Sloth, a ServiceLevelObjective of Pyrra, an SLO of OpenSLO, Google Cloud or Grafana, or a PrometheusRule that records slo: values with the label service. Name it in measuredElsewhere where another stack does it, or label its namespace headgate.dev/platform: "true" where it is a part of the cluster.',
  *check(stack, { measuredElsewhere, platformNamespaces }) {
    for (const workload of stack.of(podWorkload).filter(({ object }) => !object.origin.partial)) {
      const labels = workload.object.at("metadata.labels");
      yield new Part(workload.object, "the workload").fails("serves without an objective", labels, () => {
        if (!isAsked(stack, workload)) return false;
        const name = NAMES.map((label) => labels.entry(label).text()).find((text) => text !== undefined);
        if (name !== undefined && (measuredElsewhere.includes(name) || isMeasured(stack, name))) return false;
        return !isOfPlatform(stack, workload, platformNamespaces);
      });
    }
    const inClouds = [
      ...stack.of(ecsServices).map((part) => ({ part, labels: part.at("tags"), asked: () => isBalanced(part) })),
      ...stack.of(cloudRunServices).map((part) => ({ part, labels: part.at("labels"), asked: () => true })),
    ];
    for (const { part, labels, asked } of inClouds) {
      yield part.fails("serves without an objective", labels, () => {
        const name = labels.entry("service").text() ?? labels.entry("Service").text() ?? part.at("name").text();
        return asked() && !(name !== undefined && (measuredElsewhere.includes(name) || isMeasured(stack, name)));
      });
    }
  },
});

/** Whether a load balancer sends it requests. @throws UnknownValue */
const isBalanced = (service: Part): boolean => service.at("loadBalancers").hasItems();

/** Whether anything measures the service: one that is known to counts, whatever is unknown of others. */
const isMeasured = (stack: Stack, name: string): boolean => {
  const has = (object: Cursor, ...fields: string[]) =>
    findOf(fields, (field) => object.at(field).read() === name) !== undefined;
  const isOfService = (label: Cursor) => label.at("key").read() === "service" && label.at("value").read() === name;
  const records = (rule: Cursor) =>
    (rule.at("record").text() ?? "").startsWith("slo:") && rule.at("labels.service").read() === name;
  const sources = [
    ...stack.of(slothLevels).map(
      ({ object }) =>
        () =>
          has(object, "spec.service"),
    ),
    ...stack.of(openSlos).map(
      ({ object }) =>
        () =>
          has(object, "spec.service"),
    ),
    ...stack.of(googleSlos).map(
      ({ cursor }) =>
        () =>
          has(cursor, "service", "userLabels.service"),
    ),
    ...stack.of(grafanaSlos).map(
      ({ cursor }) =>
        () =>
          has(cursor, "name") || cursor.at("labels").some(isOfService),
    ),
    ...stack.of(pyrraLevels).map(
      ({ object }) =>
        () =>
          hasName(object.at("metadata.labels"), name),
    ),
    ...stack.of(prometheusRules).map(
      ({ object }) =>
        () =>
          object.at("spec.groups").some((group) => group.at("rules").some(records)),
    ),
  ];
  return findOf(sources, (measures) => measures()) !== undefined;
};

const hasName = (labels: Cursor, name: string): boolean =>
  findOf([...NAMES, "pyrra.dev/service"], (label) => labels.entry(label).read() === name) !== undefined;
