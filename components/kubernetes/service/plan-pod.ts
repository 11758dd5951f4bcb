import type { core } from "@pulumi/kubernetes/types/input";
import { RETRY_ANNOTATION } from "../../release/compile/kubernetes";
import { hardenedContainer, hardenedPod } from "../pod/hardened";
import { Monitor } from "./args";
import { bytesQuantity, cpuQuantity, wholeSeconds } from "./plan-amounts";
import { fileMounts } from "./plan-config";
import { labelsOf } from "./plan-names";
import { metricsPortName, needsLowPorts, podPorts } from "./plan-ports";
import { probesOf } from "./plan-probes";
import { scheduling } from "./plan-scheduling";
import { SECRETS_FOLDER, secretsVolume, secretVariables } from "./plan-secrets";
import type { KnownLater, KubernetesServicePlan } from "./plan-types";
import { podVolumes } from "./plan-volumes";

const CONFIG_VOLUME = "headgate-config";

/** The pods of a version: hardened as the profile "restricted" demands, with a read-only root. */
export function podTemplate(plan: KubernetesServicePlan, known: KnownLater): core.v1.PodTemplateSpec {
  const { name, service, plain, stopDelaySeconds } = plan;
  return {
    metadata: {
      labels: labelsOf(name),
      annotations: { [RETRY_ANNOTATION]: String(plan.retry), ...scrapeAnnotations(plan) },
    },
    spec: {
      ...podBase(plan, known),
      terminationGracePeriodSeconds: stopDelaySeconds + wholeSeconds(plain.stopTimeoutSeconds),
      ...scheduling(name, service),
      containers: [
        {
          ...containerBase(plan, known),
          name,
          image: known.image,
          ...(service.command && service.command.length > 0 && { command: service.command }),
          ports: podPorts(service).map(({ name: port, port: containerPort }) => ({
            name: port,
            containerPort,
            protocol: "TCP",
          })),
          ...probesOf(plain),
          // The image need not have a program that sleeps.
          ...(stopDelaySeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: stopDelaySeconds } } } }),
        },
      ],
    },
  };
}

/** What the pods of a service share with those of its migration. */
export function podBase(plan: KubernetesServicePlan, known: KnownLater): Omit<core.v1.PodSpec, "containers"> {
  const { name, service, user, imagePullSecrets } = plan;
  const secrets = secretsVolume(plan.secrets, known.secret);
  const { volumes } = podVolumes(plan);
  const files = Object.keys(plan.files).length > 0;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    // Variables for every Service of the namespace, which change with the neighbours.
    enableServiceLinks: false,
    securityContext: {
      ...hardenedPod(user.id),
      runAsGroup: user.group,
      fsGroup: user.group,
      fsGroupChangePolicy: "OnRootMismatch",
      ...(needsLowPorts(service) && { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] }),
    },
    ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((each) => ({ name: each })) }),
    volumes: [
      ...volumes,
      ...(files ? [{ name: CONFIG_VOLUME, configMap: { name: known.config } }] : []),
      ...(secrets === undefined ? [] : [secrets]),
    ],
  };
}

/** What the container of a service shares with that of its migration: what it reads, and what it may use. */
export function containerBase(plan: KubernetesServicePlan, known: KnownLater): Omit<core.v1.Container, "name"> {
  const { plain } = plan;
  const amounts = { cpu: cpuQuantity(plain.cpuCores), memory: bytesQuantity(plain.memoryBytes) };
  const { mounts } = podVolumes(plan);
  const secrets = secretsVolume(plan.secrets, known.secret);
  const env: core.v1.EnvVar[] = [
    ...plan.variables.map((key) => ({ name: key, valueFrom: { configMapKeyRef: { name: known.config, key } } })),
    ...secretVariables(plan.secrets, known.secret),
  ];
  return {
    // An image by digest never changes.
    imagePullPolicy: "IfNotPresent",
    ...(env.length > 0 && { env }),
    resources: { requests: amounts, limits: amounts },
    securityContext: hardenedContainer(),
    volumeMounts: [
      ...mounts,
      ...fileMounts(plan.files, CONFIG_VOLUME),
      ...(secrets === undefined ? [] : [{ name: "headgate-secrets", mountPath: SECRETS_FOLDER, readOnly: true }]),
    ],
  };
}

function scrapeAnnotations({ service, plain, monitor }: KubernetesServicePlan): Record<string, string> {
  if (plain.metrics === undefined || monitor !== Monitor.annotations || metricsPortName(service) === undefined)
    return {};
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(plain.metrics.port),
    "prometheus.io/path": plain.metrics.path,
  };
}
