import { kubernetesObjects } from "./kubernetes-object";

/** Roles and ClusterRoles: what their subjects may do in a cluster. */
export const role = kubernetesObjects("roles", "rbac.authorization.k8s.io", "Role", "ClusterRole");
