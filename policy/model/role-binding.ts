import type { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { kubernetesType, objectOf } from "./kubernetes";

/** A RoleBinding or ClusterRoleBinding. */
export interface RoleBinding {
  object: Cursor;
  /** Whom the role is given to. */
  subjects: readonly Part[];
  roleRef: Cursor;
}

const bindingType = (type: string) => {
  const parsed = kubernetesType(type);
  const isBinding = parsed?.kind === "RoleBinding" || parsed?.kind === "ClusterRoleBinding";
  return parsed?.group === "rbac.authorization.k8s.io" && isBinding ? parsed : undefined;
};

/** Bindings of roles in a cluster. */
export const roleBinding: Model<RoleBinding> = {
  name: "role bindings",
  accepts: (type) => bindingType(type) !== undefined,
  of(resource) {
    const type = bindingType(resource.type);
    if (type === undefined) return undefined;
    const object = objectOf(resource, type.patch);
    const subjects = object.at("subjects").items();
    return { object, subjects: subjects.map((item) => Part.named("subject", item)), roleRef: object.at("roleRef") };
  },
};
