import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../model/errors";
import { createChildren } from "./children";
import { providerFor, readyOf } from "./cluster/handle";
import { sealed } from "./cluster/seal";
import type { KubernetesJobArgs } from "./job/args";
import { jobLabels, jobObjects } from "./job/objects";
import { planJob } from "./job/plan";
import { imageFaults } from "./service/args.schema";
import { plainVariables } from "./variables";

/** Time for pulling the image and for being told of the end, beside the job's own. */
const SLACK_SECONDS = 120;

/** Options of a KubernetesJob. */
export interface KubernetesJobOptions extends pulumi.ComponentResourceOptions {
  /** TypeScript only: last edit of the job's or the schedule's arguments. */
  transform?: {
    job?: (args: k8s.batch.v1.JobArgs) => k8s.batch.v1.JobArgs;
    cronJob?: (args: k8s.batch.v1.CronJobArgs) => k8s.batch.v1.CronJobArgs;
  };
}

/**
 * Something that runs to its end, such as a migration: once, with `pulumi up` waiting for it, or on a schedule. A job
 * that ran is run again only when what it runs changes, or `rerun`; one that failed is run again by the next `up`.
 * Throws ArgumentError when an argument is wrong.
 */
export class KubernetesJob extends pulumi.ComponentResource {
  /** Name of the Job or CronJob in the cluster. */
  public readonly jobName: pulumi.Output<string>;

  constructor(name: string, args: KubernetesJobArgs, opts: KubernetesJobOptions = {}) {
    const { transform, ...componentOptions } = opts;
    const secrets = Object.fromEntries(
      Object.entries(args?.secrets ?? {}).map(([file, value]) => [file, pulumi.secret(value)]),
    );
    const plan = planJob(name, args);
    super("headgate:index:KubernetesJob", name, { ...sealed(args), secrets }, componentOptions);
    const provider = providerFor(this, name, args.cluster);
    const options = { parent: this, dependsOn: readyOf(args.cluster), ...(provider !== undefined && { provider }) };
    const namespace = pulumi.output(args.namespace ?? "default");

    const image = pulumi.output(args.image).apply((reference) => {
      const problems = imageFaults(reference).map((fault) => ({ path: "image", ...fault }));
      refuse("KubernetesJob", name, problems, this);
      return reference;
    });
    const secret =
      plan.secrets.length === 0
        ? undefined
        : new k8s.core.v1.Secret(
            `${name}-secrets`,
            {
              metadata: { namespace, labels: { ...plan.labels, ...jobLabels(name) } },
              immutable: true,
              data: encoded(secrets),
            },
            { ...options, replaceOnChanges: ["data"] },
          );
    const objects = jobObjects(plan, {
      namespace,
      image,
      env: plainVariables("KubernetesJob", name, args.env ?? {}, this),
      secret: secret?.metadata.name ?? "",
      serviceAccountAnnotations: args.serviceAccountAnnotations ?? {},
    });
    const wait = `${plan.timeoutSeconds + SLACK_SECONDS}s`;
    const edit = plan.schedule === undefined ? transform?.job : transform?.cronJob;
    const made = createChildren(
      name,
      objects,
      {
        ...options,
        ...(plan.schedule === undefined && {
          customTimeouts: { create: wait, update: wait },
          // A job that failed is done as far as the cluster knows.
          replaceOnChanges: ["#initerror"],
        }),
      },
      edit === undefined ? {} : { "": edit },
    );
    const job = made[""] as k8s.batch.v1.Job;
    this.jobName = job.metadata.name;
    this.registerOutputs({ jobName: this.jobName });
  }
}

function encoded(secrets: Record<string, pulumi.Output<string>>): Record<string, pulumi.Output<string>> {
  const base64 = (value: string) => Buffer.from(value).toString("base64");
  return Object.fromEntries(Object.entries(secrets).map(([file, value]) => [file, value.apply(base64)]));
}
