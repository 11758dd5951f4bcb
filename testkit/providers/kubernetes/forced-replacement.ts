import { containsPath, type PropertyPath, parsePath } from "../shared/property-path";
import type { Properties } from "../shared/wire";
import type { Cause } from "./api";
import type { KubernetesConfig } from "./config";
import { isSecretObject, text } from "./object";

/** Fields that the API server never changes on a living object, by group and kind; the official plugin's list. */
const FIXED_FIELDS: Record<string, readonly string[]> = {
  "apps/Deployment": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/PersistentVolume": below("spec", [
    ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker"],
    ...["gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk"],
    ...["portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"],
  ]),
  "/Pod": below("spec", [
    ...["affinity", "automountServiceAccountToken", "containers", "dnsConfig", "dnsPolicy", "enableServiceLinks"],
    ...["hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets", "initContainers"],
    ...["nodeName", "nodeSelector", "overhead", "preemptionPolicy", "priority", "priorityClassName"],
    ...["readinessGates", "restartPolicy", "runtimeClassName", "schedulerName", "securityContext", "serviceAccount"],
    ...["serviceAccountName", "shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "volumes"],
  ]),
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
};

const IDENTITY = ["metadata.name", "metadata.namespace", "kind"];

function below(parent: string, fields: readonly string[]): string[] {
  return fields.map((field) => `${parent}.${field}`);
}

type Mutability = Pick<KubernetesConfig, "configMapMutable" | "secretMutable">;

/** Whether a change at a place needs a new object. */
export function forcesReplacement(
  inputs: Properties,
  path: PropertyPath,
  isPatch: boolean,
  config: Mutability,
): boolean {
  const fixed = isPatch ? IDENTITY : [...IDENTITY, ...fixedFields(inputs, config)];
  return fixed.map(parsePath).some((place) => overlap(place, path));
}

function fixedFields(inputs: Properties, config: Mutability): readonly string[] {
  const immutable = inputs.immutable === true;
  if (isSecretObject(inputs) && (!config.secretMutable || immutable)) return ["type", "stringData", "data"];
  if (inputs.kind === "ConfigMap" && inputs.apiVersion === "v1" && (!config.configMapMutable || immutable)) {
    return ["data", "binaryData"];
  }
  const apiVersion = text(inputs.apiVersion);
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return FIXED_FIELDS[`${group}/${text(inputs.kind)}`] ?? [];
}

function overlap(a: PropertyPath, b: PropertyPath): boolean {
  return containsPath(a, b) || containsPath(b, a);
}

const IMMUTABLE =
  /immutable|may not be changed|updates to .* are forbidden|may not change fields other than|cannot change roleRef|is not allowed to be changed/i;

/** Which of the changed places the API server refuses to change; undefined when it refuses for another reason. */
export function refusedPlaces<P extends PropertyPath>(
  message: string,
  causes: readonly Cause[],
  changed: readonly P[],
): P[] | undefined {
  const refused = causes.filter((cause) => IMMUTABLE.test(cause.message ?? ""));
  if (refused.length === 0 && !IMMUTABLE.test(message)) return undefined;
  const fields = refused.map(({ field = "" }) => parsePath(field));
  const hit = changed.filter((path) => fields.some((field) => overlap(field, path)));
  if (hit.length > 0) return hit;
  const spec = changed.filter(([first]) => first !== "metadata");
  return spec.length > 0 ? spec : [...changed];
}
