import * as pulumi from "@pulumi/pulumi";
import {
  KubernetesCluster,
  KubernetesDeployer,
  KubernetesJob,
  type KubernetesJobArgs,
  KubernetesNamespace,
  KubernetesPlatform,
  type KubernetesPlatformArgs,
} from "../../../components/kubernetes";

/** What the test says, as JSON. */
interface Said {
  /** Left out: the rest is delivered to the cluster as it is. */
  platform?: KubernetesPlatformArgs;
  /** Left out: the platform alone. */
  jobs?: Record<string, Omit<KubernetesJobArgs, "namespace">>;
}

const config = new pulumi.Config();
const { platform: args, jobs } = config.requireObject<Said>("said");
const cluster = new KubernetesCluster("cluster", { kubeconfig: config.requireSecret("kubeconfig") });
const handle =
  args === undefined ? cluster.handle : new KubernetesPlatform("platform", { ...args, cluster: cluster.handle }).handle;

function deliverJobs(wanted: NonNullable<Said["jobs"]>): pulumi.Output<string> {
  const namespace = new KubernetesNamespace("tools", { cluster: handle, quota: { pods: 20, memory: "4GiB" } });
  for (const [name, job] of Object.entries(wanted)) {
    const secrets = { PASSWORD: config.requireSecret("password") };
    new KubernetesJob(name, { cluster: handle, namespace: namespace.name, secrets, ...job });
  }
  const deployer = { cluster: handle, namespaces: ["tools"], token: true };
  return new KubernetesDeployer("pipeline", deployer, { dependsOn: namespace }).kubeconfig;
}

export const version = cluster.version;
export const prometheus = handle.prometheus;
export const kubeconfig = jobs === undefined ? undefined : deliverJobs(jobs);
