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
  platform: KubernetesPlatformArgs;
  jobs: Record<string, Omit<KubernetesJobArgs, "namespace">>;
}

const config = new pulumi.Config();
const { platform: args, jobs } = config.requireObject<Said>("said");
const cluster = new KubernetesCluster("cluster", { kubeconfig: config.requireSecret("kubeconfig") });
const platform = new KubernetesPlatform("platform", { ...args, cluster: cluster.handle });
const namespace = new KubernetesNamespace("tools", { cluster: platform.handle, quota: { pods: 20, memory: "4GiB" } });
for (const [name, job] of Object.entries(jobs)) {
  const secrets = { PASSWORD: config.requireSecret("password") };
  new KubernetesJob(name, { cluster: platform.handle, namespace: namespace.name, secrets, ...job });
}
const deployer = new KubernetesDeployer(
  "pipeline",
  { cluster: platform.handle, namespaces: ["tools"], token: true },
  {
    dependsOn: namespace,
  },
);

export const version = cluster.version;
export const prometheus = platform.handle.prometheus;
export const kubeconfig = deployer.kubeconfig;
