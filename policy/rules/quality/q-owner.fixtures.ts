import { of } from "../../testing/cloud";
import { deployment, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const labels = { owner: "shop", service: "shop", environment: "production", "cost-center": "4711" };
const AT = "metadata.labels";
const tags = { Owner: "shop", Service: "shop", Environment: "production", CostCenter: "4711" };
const google = { owner: "shop", service: "shop", environment: "production", cost_center: "4711" };
const queue = of("aws:sqs/queue:Queue");
const namespace = (metadata: unknown) => resource("kubernetes:core/v1:Namespace", { metadata });

export const fixtures: Fixtures = {
  pass: [
    example("all four", deployment({}, { labels })),
    example(
      "other names for them, in a namespace of several services",
      namespace({
        labels: {
          team: "shop",
          "headgate.dev/environment": "production",
          "headgate.dev/cost-center": "4711",
        },
      }),
    ),
    {
      ...example("names of the company's own", deployment({}, { labels: { ...labels, owner: "", squad: "shop" } })),
      options: { labels: { owner: ["squad"] } },
    },
    {
      ...example("one that is not asked for", deployment({}, { labels: { ...labels, owner: "" } })),
      options: { labels: { owner: [] } },
    },
    example("tags of AWS", queue({ tags })),
    example("tags that AWS's provider gives to everything", {
      ...queue({ tags: { Service: "shop" } }),
      provider: { defaultTags: JSON.stringify({ tags: { ...tags, Service: undefined } }) },
    }),
    example("tags that Terraform tells of", queue({ tagsAll: tags })),
    example("labels of Google Cloud", of("gcp:container/cluster:Cluster")({ resourceLabels: google })),
    example(
      "labels of a database",
      of("gcp:sql/databaseInstance:DatabaseInstance")({ settings: { userLabels: google } }),
    ),
    example("labels that Google's provider gives to everything", {
      ...of("gcp:cloudrunv2/service:Service")({}),
      provider: { defaultLabels: google },
    }),
    example("tags of Azure", of("azure-native:app/v20240301:ContainerApp")({ tags })),
    example("a patch of something else", workload("apps/v1:DeploymentPatch", {})),
  ],
  fail: [
    broken("none", [`${AT}.owner`, `${AT}.service`, `${AT}.environment`, `${AT}["cost-center"]`], deployment({})),
    broken(
      "an owner by another name alone",
      [`${AT}.environment`, `${AT}["cost-center"]`],
      deployment({}, { labels: { team: "shop", "app.kubernetes.io/name": "shop" } }),
    ),
    broken("a queue that nobody pays for", 'tags["cost-center"]', queue({ tags: { ...tags, CostCenter: "" } })),
    broken(
      "a bucket without labels",
      ["labels.owner", "labels.service", "labels.environment", 'labels["cost-center"]'],
      of("gcp:storage/bucket:Bucket")({}),
    ),
    broken(
      "a group of several services, of nobody",
      "tags.owner",
      of("azure-native:resources:ResourceGroup")({ tags: { ...tags, Owner: undefined, Service: undefined } }),
    ),
    {
      ...broken("none, with texts to add", [`${AT}.owner`, `${AT}.environment`], namespace({})),
      options: { values: { owner: "platform", environment: "production" }, labels: { "cost-center": [] } },
    },
    broken("an empty owner", `${AT}.owner`, deployment({}, { labels: { ...labels, owner: " " } })),
    broken(
      "a volume that nobody pays for",
      `${AT}["cost-center"]`,
      resource("kubernetes:core/v1:PersistentVolumeClaim", {
        metadata: { labels: { ...labels, "cost-center": undefined } },
      }),
    ),
  ],
  malformed: [
    malformed("labels that are a text", "fail", namespace({ labels: "owner" })),
    malformed("a label that is a number", "fail", namespace({ labels: { ...labels, owner: 1 } })),
  ],
  wrongKind: [
    example("a role", of("aws:iam/role:Role")({})),
    example("a Service", resource("kubernetes:core/v1:Service", { metadata: {} })),
  ],
};
