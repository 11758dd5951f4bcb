import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { type Child, withLabels } from "../children";
import { hardenedContainer, hardenedPod } from "../pod/hardened";
import { bytesQuantity, cpuQuantity } from "../service/plan-amounts";
import { egressRules } from "../service/plan-network";
import { SECRETS_FOLDER, secretsVolume } from "../service/plan-secrets";
import { OnOverlap } from "./args";
import type { JobPlan } from "./plan";

/** What is known of a job only while the program runs. */
export interface JobValues {
  namespace: pulumi.Input<string>;
  image: pulumi.Input<string>;
  env: pulumi.Output<Record<string, string>>;
  /** Name of the Secret with its files; empty without any. */
  secret: pulumi.Input<string>;
  serviceAccountAnnotations: Record<string, pulumi.Input<string>>;
}

const CONCURRENCY = { [OnOverlap.skip]: "Forbid", [OnOverlap.replace]: "Replace", [OnOverlap.allow]: "Allow" } as const;

/** Absent rather than empty. */
const annotationsOf = (annotations: JobValues["serviceAccountAnnotations"]) =>
  Object.keys(annotations).length > 0 ? { annotations } : {};

export const jobLabels = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/managed-by": "headgate",
});

/** Objects of a job but its Secret: its account, its policy, and the job or the schedule itself. */
export function jobObjects(plan: JobPlan, values: JobValues): Child[] {
  const { name, schedule, to } = plan;
  const labels = jobLabels(name);
  const { namespace } = values;
  const here = { name, namespace, labels };
  const account: Child = {
    kind: "ServiceAccount",
    role: "account",
    args: {
      metadata: { ...here, ...annotationsOf(values.serviceAccountAnnotations) },
      automountServiceAccountToken: false,
    },
  };
  const policies: Child[] =
    to === undefined
      ? []
      : [
          {
            kind: "NetworkPolicy",
            role: "policy",
            args: {
              metadata: here,
              spec: {
                podSelector: { matchLabels: { "app.kubernetes.io/name": name } },
                policyTypes: ["Egress"],
                egress: egressRules(to),
              },
            },
          },
        ];
  const spec = {
    backoffLimit: plan.retries,
    activeDeadlineSeconds: plan.timeoutSeconds,
    template: {
      metadata: { labels, annotations: { "headgate.dev/rerun": String(plan.rerun) } },
      spec: pod(plan, values),
    },
  };
  const after = ["account", "policy"];
  const job: Child =
    schedule === undefined
      ? // The name is Pulumi's: a job cannot be changed, so that a new one is made beside the old one.
        { kind: "Job", role: "", after, args: { metadata: { namespace, labels }, spec } }
      : {
          kind: "CronJob",
          role: "",
          after,
          args: {
            metadata: here,
            spec: {
              schedule: schedule.cron,
              timeZone: schedule.timeZone,
              concurrencyPolicy: CONCURRENCY[schedule.onOverlap],
              startingDeadlineSeconds: schedule.startingDeadlineSeconds,
              successfulJobsHistoryLimit: schedule.keepSucceeded,
              failedJobsHistoryLimit: schedule.keepFailed,
              suspend: schedule.suspended,
              jobTemplate: { metadata: { labels }, spec },
            },
          },
        };
  return withLabels([account, ...policies, job], plan.labels);
}

function pod(plan: JobPlan, values: JobValues): core.v1.PodSpec {
  const { user, secrets, imagePullSecrets } = plan;
  const amounts = { cpu: cpuQuantity(plan.cpuCores), memory: bytesQuantity(plan.memoryBytes) };
  const files = secretsVolume(
    secrets.map((name) => ({ name, key: name, variable: false })),
    values.secret,
  );
  const scratch = plan.scratch.map(([path, bytes], index) => ({ name: `scratch-${index}`, path, bytes }));
  return {
    // Every try is a pod of its own, whose log stays.
    restartPolicy: "Never",
    serviceAccountName: plan.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { ...hardenedPod(user.id), runAsGroup: user.group, fsGroup: user.group },
    terminationGracePeriodSeconds: plan.stopTimeoutSeconds,
    ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    containers: [
      {
        name: plan.name,
        image: values.image,
        imagePullPolicy: "IfNotPresent",
        ...(plan.command && { command: plan.command }),
        // Always in the same order, and absent rather than empty, as it is read back: all else would be another job.
        ...(plan.variables && {
          env: values.env.apply((env) =>
            Object.entries(env)
              .map(([name, value]) => ({ name, value }))
              .sort((a, b) => (a.name < b.name ? -1 : 1)),
          ),
        }),
        resources: { requests: amounts, limits: amounts },
        securityContext: hardenedContainer(),
        volumeMounts: [
          ...scratch.map(({ name, path }) => ({ name, mountPath: path })),
          ...(files === undefined ? [] : [{ name: "headgate-secrets", mountPath: SECRETS_FOLDER, readOnly: true }]),
        ],
      },
    ],
    volumes: [
      ...scratch.map(({ name, bytes }) => ({ name, emptyDir: { sizeLimit: bytesQuantity(bytes) } })),
      ...(files === undefined ? [] : [files]),
    ],
  };
}
