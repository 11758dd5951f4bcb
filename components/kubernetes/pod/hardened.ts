/**
 * Security of a pod as the Pod Security Standard "restricted" demands it, with a user of its own number.
 * Source: kubernetes.io/docs/concepts/security/pod-security-standards.
 */
export function hardenedPod(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Security of each container of such a pod; its root file system is read-only. */
export function hardenedContainer() {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
}
