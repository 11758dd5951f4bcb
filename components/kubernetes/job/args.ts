import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../model/service";
import type { ClusterHandle } from "../cluster/handle";
import type { ServicePeer } from "../service/args";

/** What happens when a job's time has come and its last run is still going. */
export const OnOverlap = {
  /** The new run is left out. */
  skip: "skip",
  /** The old run is ended. */
  replace: "replace",
  /** Both run. */
  allow: "allow",
} as const;
export type OnOverlap = (typeof OnOverlap)[keyof typeof OnOverlap];

/** When a job runs again and again. */
export interface JobSchedule {
  /** Minute, hour, day of the month, month, day of the week: "30 2 * * *". */
  cron: string;
  /** Name of the IANA database: "Europe/Berlin". Defaults to "Etc/UTC". */
  timeZone?: string;
  /** Defaults to "skip". */
  onOverlap?: OnOverlap;
  /** Longest time a run may begin late, with its unit; later it is left out. Defaults to "5m". */
  startingDeadline?: string;
  /** Runs that went well and are kept, with their logs. Defaults to 3. */
  keepSucceeded?: number;
  /** Runs that failed and are kept, with their logs. Defaults to 3. */
  keepFailed?: number;
  /** Whether it is stopped for now. Defaults to false. */
  suspended?: boolean;
}

/** Arguments of a KubernetesJob. What shapes the objects is plain; values that only flow through may be Inputs. */
export interface KubernetesJobArgs {
  /** Defaults to the program's default provider. */
  cluster?: pulumi.Input<ClusterHandle>;
  /** Defaults to "default". */
  namespace?: pulumi.Input<string>;
  /** By digest: "registry/repository@sha256:…". */
  image: pulumi.Input<string>;
  /** Command instead of the image's own. */
  command?: string[];
  /** Environment variables. A secret is refused: see `secrets`. */
  env?: Record<string, pulumi.Input<string>>;
  /** Secret files: each is at /run/secrets/NAME in the container. */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Defaults to half a core and 256MiB, both promised and not to be exceeded. */
  resources?: Resources;
  /** Longest time of a run with all its retries, with its unit. Defaults to "10m". */
  timeout?: string;
  /** Times a run that failed is tried again. Defaults to 0. */
  retries?: number;
  /** Time it has to end after SIGTERM, with its unit. Defaults to "30s". */
  stopTimeout?: string;
  /** Raise it to run a job without a schedule again. Defaults to 0. */
  rerun?: number;
  /** Defaults to none: it runs once, now, and `pulumi up` waits for its end. */
  schedule?: JobSchedule;
  /** What it may call, beside DNS. Defaults to what its namespace allows. */
  to?: ServicePeer[];
  /** User and group that run it, as numbers. Defaults to "1000:1000"; root is refused. */
  user?: string;
  /** Writable folders with their size: { "/tmp": "64MiB" }. Defaults to /tmp with 64 MiB. */
  scratch?: Record<string, string>;
  /**
   * Labels of its objects, such as whose they are and who pays for them: { owner: "shop", "cost-center": "4711" }. Pods
   * have none of them, so that another owner is no new version. Defaults to none.
   */
  labels?: Record<string, string>;
  /** Annotations of its ServiceAccount, such as the cloud role it may take. Defaults to none. */
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
  /** Names of the Secrets with which images are pulled. Defaults to none. */
  imagePullSecrets?: string[];
}
