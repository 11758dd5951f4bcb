import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model, Resource } from "../core/resource";
import { kubernetesObjects } from "./kubernetes-object";
import { podWorkload } from "./podspec";

/** What can say by labels or tags whose it is. */
export interface Labelled {
  part: Part;
  labels: Cursor;
  /** Where labels stand that its provider gives to everything. */
  defaults: readonly Cursor[];
  /** Whether it belongs to one service. A namespace may hold several. */
  ofService: boolean;
}

const spaces = kubernetesObjects("namespaces and volumes", "", "Namespace", "PersistentVolumeClaim");

const inCluster: Model<Labelled> = {
  name: "workloads, namespaces and volumes",
  accepts: (type) => podWorkload.accepts(type) || spaces.accepts(type),
  of(resource) {
    const found = podWorkload.of(resource) ?? spaces.of(resource);
    if (found === undefined) return undefined;
    const { object, kind } = found;
    const ofService = kind !== "Namespace";
    return { part: new Part(object, "the object"), labels: object.at("metadata.labels"), defaults: [], ofService };
  },
};

/** What runs or costs in a cloud and can be labelled; what several services share stands in a list of its own. */
interface Cloud {
  name: string;
  types: readonly string[];
  shared: readonly string[];
  labels: (object: Cursor, resource: Resource) => Cursor;
  /** Where the provider keeps labels for everything, and tells which came of it: its settings are texts of JSON. */
  defaults?: (provider: Cursor, object: Cursor) => readonly Cursor[];
}

const CLOUDS: readonly Cloud[] = [
  {
    name: "what runs or costs in AWS",
    types: [
      "aws:apprunner/service:Service",
      "aws:cloudfront/distribution:Distribution",
      "aws:dynamodb/table:Table",
      "aws:ec2/instance:Instance",
      "aws:ecr/repository:Repository",
      "aws:ecs/service:Service",
      "aws:ecs/taskDefinition:TaskDefinition",
      "aws:efs/fileSystem:FileSystem",
      "aws:elasticache/cluster:Cluster",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:elasticache/serverlessCache:ServerlessCache",
      "aws:kinesis/stream:Stream",
      "aws:lambda/function:Function",
      "aws:opensearch/domain:Domain",
      "aws:rds/cluster:Cluster",
      "aws:rds/instance:Instance",
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
      "aws:secretsmanager/secret:Secret",
      "aws:sfn/stateMachine:StateMachine",
      "aws:sns/topic:Topic",
      "aws:sqs/queue:Queue",
    ],
    shared: [
      "aws:ec2/natGateway:NatGateway",
      "aws:ecs/cluster:Cluster",
      "aws:eks/cluster:Cluster",
      "aws:eks/nodeGroup:NodeGroup",
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:msk/cluster:Cluster",
    ],
    labels: (object) => object.at("tags"),
    defaults: (provider, object) => [provider.at("defaultTags").json().at("tags"), object.at("tagsAll")],
  },
  {
    name: "what runs or costs in Google Cloud",
    types: [
      "gcp:bigquery/dataset:Dataset",
      "gcp:cloudfunctionsv2/function:Function",
      "gcp:cloudrunv2/job:Job",
      "gcp:cloudrunv2/service:Service",
      "gcp:cloudrunv2/workerPool:WorkerPool",
      "gcp:compute/disk:Disk",
      "gcp:compute/instance:Instance",
      "gcp:pubsub/subscription:Subscription",
      "gcp:pubsub/topic:Topic",
      "gcp:redis/instance:Instance",
      "gcp:secretmanager/secret:Secret",
      "gcp:spanner/instance:Instance",
      "gcp:sql/databaseInstance:DatabaseInstance",
      "gcp:storage/bucket:Bucket",
    ],
    shared: ["gcp:artifactregistry/repository:Repository", "gcp:container/cluster:Cluster"],
    labels: (object, { type }) => object.at(GOOGLE_LABELS[type] ?? "labels"),
    defaults: (provider, object) => [provider.at("defaultLabels").json(), object.at("effectiveLabels")],
  },
  {
    name: "what runs or costs in Azure",
    types: [
      "azure-native:app:ContainerApp",
      "azure-native:app:Job",
      "azure-native:compute:VirtualMachine",
      "azure-native:containerinstance:ContainerGroup",
      "azure-native:cosmosdb:DatabaseAccount",
      "azure-native:dbforpostgresql:Server",
      "azure-native:redis:Redis",
      "azure-native:servicebus:Namespace",
      "azure-native:sql:Database",
      "azure-native:storage:StorageAccount",
      "azure-native:web:WebApp",
    ],
    shared: [
      "azure-native:app:ManagedEnvironment",
      "azure-native:containerregistry:Registry",
      "azure-native:containerservice:ManagedCluster",
      "azure-native:keyvault:Vault",
      "azure-native:operationalinsights:Workspace",
      "azure-native:resources:ResourceGroup",
      "azure-native:web:AppServicePlan",
    ],
    labels: (object) => object.at("tags"),
  },
];

/** Types that keep them elsewhere. */
const GOOGLE_LABELS: Readonly<Record<string, string>> = {
  "gcp:container/cluster:Cluster": "resourceLabels",
  "gcp:sql/databaseInstance:DatabaseInstance": "settings.userLabels",
};

/** Azure's types may name the version of their API: "azure-native:app/v20240301:ContainerApp". */
const unversioned = (type: string): string => type.replace(/^(azure-native:\w+)\/v\w+:/, "$1:");

const inCloud = ({ name, types, shared, labels, defaults }: Cloud): Model<Labelled> => {
  const known = new Set([...types, ...shared]);
  return {
    name,
    accepts: (type) => known.has(unversioned(type)),
    of(resource) {
      const origin = { resource, partial: false };
      const object = Cursor.of(origin, resource.properties);
      return {
        part: new Part(object, "it"),
        labels: labels(object, resource),
        defaults: defaults?.(Cursor.of(origin, resource.provider), object) ?? [],
        ofService: types.includes(unversioned(resource.type)),
      };
    },
  };
};

/** What each kind of resource that runs or costs says of its owner. */
const KINDS: readonly Model<Labelled>[] = [inCluster, ...CLOUDS.map(inCloud)];

/** Everything that runs or costs, and takes labels or tags. */
export const labelled: Model<Labelled> = {
  name: "what runs or costs",
  accepts: (type) => KINDS.some((kind) => kind.accepts(type)),
  of: (resource) => KINDS.find((kind) => kind.accepts(resource.type))?.of(resource),
};
