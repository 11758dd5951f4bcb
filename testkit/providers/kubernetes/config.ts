import { flag, number, object, parse, text } from "../shared/shape";
import { isRecord, type Properties } from "../shared/wire";

const shape = object({
  kubeconfig: text,
  context: text,
  cluster: text,
  clusterIdentifier: text,
  namespace: text,
  deleteUnreachable: flag,
  skipUpdateUnreachable: flag,
  enableServerSideApply: flag,
  enablePatchForce: flag,
  enableConfigMapMutable: flag,
  enableSecretMutable: flag,
  upsertExistingObjects: flag,
  suppressDeprecationWarnings: flag,
  suppressHelmHookWarnings: flag,
  strictMode: flag,
  alwaysRender: flag,
  renderYamlToDirectory: text,
  version: text,
  pluginDownloadURL: text,
  kubeClientSettings: object({ burst: number, qps: number, timeout: number }),
});

/** Settings of one provider instance. */
export interface KubernetesConfig {
  /** Text of a kubeconfig, or the path of one. Undefined: KUBECONFIG, `~/.kube/config`, the pod's own account. */
  kubeconfig: string | undefined;
  context: string | undefined;
  cluster: string | undefined;
  /** For objects that name none. Undefined: the context's. */
  namespace: string | undefined;
  /** Objects of a cluster that does not answer are taken for deleted. */
  deleteUnreachable: boolean;
  /** Objects of a cluster that does not answer are left as they are. */
  skipUpdateUnreachable: boolean;
  /** Every apply takes over fields of other managers. */
  patchForce: boolean;
  configMapMutable: boolean;
  secretMutable: boolean;
  /** A creation takes an object that is there already. */
  upsert: boolean;
  suppressWarnings: boolean;
  requestTimeoutMillis: number;
}

const DEFAULT_REQUEST_TIMEOUT_SECONDS = 60;
const STRINGS = [
  "version",
  "pluginDownloadURL",
  "kubeconfig",
  "context",
  "cluster",
  "clusterIdentifier",
  "namespace",
  "renderYamlToDirectory",
];

/** Reads the provider's arguments; the package's environment variables stand in for flags that are not given. */
export function readConfig(args: Properties, environment: NodeJS.ProcessEnv): KubernetesConfig {
  const given = parse(shape, decode(args), "kubernetes provider");
  const enabled = (value: boolean | undefined, variable: string, fallback = false): boolean =>
    value ?? (environment[variable] === undefined ? fallback : environment[variable] === "true");
  if (!enabled(given.enableServerSideApply, "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY", true)) {
    throw new Error(
      "kubernetes provider: enableServerSideApply is false, which the testkit's provider does not support. Leave it out, or install the official kubernetes plugin.",
    );
  }
  if (given.renderYamlToDirectory !== undefined && given.renderYamlToDirectory !== "") {
    throw new Error(
      "kubernetes provider: renderYamlToDirectory is not supported by the testkit's provider. Leave it out, or install the official kubernetes plugin.",
    );
  }
  const seconds = given.kubeClientSettings?.timeout ?? Number(environment.PULUMI_K8S_CLIENT_TIMEOUT ?? 0);
  return {
    kubeconfig: given.kubeconfig || undefined,
    context: given.context || undefined,
    cluster: given.cluster || undefined,
    namespace: given.namespace || undefined,
    deleteUnreachable: enabled(given.deleteUnreachable, "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: enabled(given.skipUpdateUnreachable, "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    patchForce: enabled(given.enablePatchForce, "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    configMapMutable: enabled(given.enableConfigMapMutable, "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    secretMutable: enabled(given.enableSecretMutable, "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
    upsert: enabled(given.upsertExistingObjects, "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    suppressWarnings: enabled(given.suppressDeprecationWarnings, "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS"),
    requestTimeoutMillis: (seconds > 0 ? seconds : DEFAULT_REQUEST_TIMEOUT_SECONDS) * 1000,
  };
}

/** Provider arguments that are not texts arrive as JSON. */
function decode(args: Properties): Properties {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([key, value]) => !key.startsWith("__") && key !== "helmReleaseSettings" && value !== "")
      .map(([key, value]) => [key, STRINGS.includes(key) || typeof value !== "string" ? value : fromJson(value)])
      .map(([key, value]) => [key, key === "kubeconfig" && isRecord(value) ? JSON.stringify(value) : value]),
  );
}

function fromJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
