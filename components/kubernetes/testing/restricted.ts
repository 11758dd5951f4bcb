/** A pod's spec, as far as the profile looks at it. */
interface Spec {
  securityContext?: Context;
  containers: { name: string; securityContext?: Context; ports?: { hostPort?: number }[] }[];
  initContainers?: Spec["containers"];
  volumes?: Record<string, unknown>[];
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
}

interface Context {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type?: string };
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  privileged?: boolean;
  capabilities?: { drop?: string[]; add?: string[] };
}

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/**
 * What of a pod the Pod Security Standard "restricted" would refuse, and a root file system that can be written.
 * Source: kubernetes.io/docs/concepts/security/pod-security-standards.
 */
export function restrictedProblems(spec: Spec): string[] {
  const pod = spec.securityContext ?? {};
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const containers = all.flatMap(({ name, securityContext: own = {}, ports = [] }) => {
    const context = { ...pod, ...own };
    const faults: [boolean, string][] = [
      [context.runAsNonRoot !== true, "may run as root"],
      [context.runAsUser === 0, "runs as root"],
      [!["RuntimeDefault", "Localhost"].includes(context.seccompProfile?.type ?? ""), "has no seccomp profile"],
      [own.allowPrivilegeEscalation !== false, "may gain privileges"],
      [own.privileged === true, "is privileged"],
      [!own.capabilities?.drop?.includes("ALL"), "keeps capabilities"],
      [(own.capabilities?.add ?? []).some((name) => name !== "NET_BIND_SERVICE"), "adds capabilities"],
      [own.readOnlyRootFilesystem !== true, "has a root file system that can be written"],
      [ports.some(({ hostPort }) => hostPort !== undefined), "has a port of the node"],
    ];
    return faults.flatMap(([broken, fault]) => (broken ? [`${name} ${fault}`] : []));
  });
  const volumes = (spec.volumes ?? []).filter(
    (volume) => !Object.keys(volume).every((key) => key === "name" || VOLUMES.includes(key)),
  );
  const host = spec.hostNetwork || spec.hostPID || spec.hostIPC ? ["the pod shares a namespace of the node"] : [];
  return [...containers, ...host, ...volumes.map(({ name }) => `the volume ${name} is of a kind that is refused`)];
}
