import type { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { type Outcome, Part } from "../../core/part";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, owaspKubernetes } from "../../core/standard";
import type { KubernetesObject } from "../../model/kubernetes-object";
import { role } from "../../model/role";
import { type RoleBinding, roleBinding } from "../../model/role-binding";

/** Rights that lead to others. With names of objects, some of them are as narrow as those objects. */
const RIGHTS = [
  {
    what: "may give rights that it does not have",
    verbs: ["bind"],
    group: "rbac.authorization.k8s.io",
    resources: ["roles", "clusterroles"],
    narrowed: true,
  },
  {
    what: "may widen roles beyond its own rights",
    verbs: ["escalate"],
    group: "rbac.authorization.k8s.io",
    resources: ["roles", "clusterroles"],
    narrowed: false,
  },
  {
    what: "may act as somebody else",
    verbs: ["impersonate"],
    group: "",
    resources: ["users", "groups", "serviceaccounts"],
    narrowed: true,
  },
  {
    what: "may change what is sent to admission webhooks",
    verbs: ["create", "update", "patch"],
    group: "admissionregistration.k8s.io",
    resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"],
    narrowed: false,
  },
  {
    what: "may approve certificates for anybody",
    verbs: ["update", "patch"],
    group: "certificates.k8s.io",
    resources: ["certificatesigningrequests/approval"],
    narrowed: false,
  },
  {
    what: "may make tokens of service accounts",
    verbs: ["create"],
    group: "",
    resources: ["serviceaccounts/token"],
    narrowed: true,
  },
] as const;

const ANYBODY = ["system:anonymous", "system:unauthenticated"];

export const k8sRbacEscalation = defineRule({
  id: "k8s-rbac-escalation",
  title: "No role leads to more rights than it lists",
  severity: "critical",
  standards: [
    ...cisKubernetes("5.1.8", "5.1.1", "5.1.11", "5.1.12", "5.1.13"),
    ...checkov("CKV_K8S_155", "CKV_K8S_156", "CKV_K8S_157", "CKV_K8S_158"),
    ...owaspKubernetes("K02"),
  ],
  levels: levels("mandatory", "mandatory"),
  model: anyOf("roles and role bindings", role, roleBinding),
  why: "Whoever gets hold of an account with such a right can make itself the administrator of the cluster.",
  remediation:
    "Leave the right to the cluster's administrators. Name the objects in resourceNames where a controller needs one, and bind a role of its own in place of cluster-admin.",
  *check(model) {
    if ("subjects" in model) yield* ofBinding(model);
    else yield* ofRole(model);
  },
});

function* ofRole({ object, part }: KubernetesObject): Iterable<Outcome> {
  for (const rule of object.at("rules").items()) {
    const [verbs, groups, names] = [rule.at("verbs"), rule.at("apiGroups"), rule.at("resourceNames")];
    for (const { what, narrowed, ...right } of RIGHTS) {
      const resources: readonly string[] = [...right.resources, "*", ...right.resources.flatMap(everySubresource)];
      yield part.fails(
        what,
        verbs,
        () =>
          has(verbs, [...right.verbs, "*"]) &&
          has(groups, [right.group, "*"]) &&
          has(rule.at("resources"), resources) &&
          !(narrowed && names.hasItems()),
      );
    }
  }
}

/** A star before "/approval", as a role may name a piece of every resource. */
const everySubresource = (resource: string): string[] =>
  resource.includes("/") ? [resource.replace(/^[^/]*/, "*")] : [];

const has = (list: Cursor, names: readonly string[]): boolean =>
  list.some((item) => names.includes(item.text() ?? "none"));

function* ofBinding({ object, roleRef, subjects }: RoleBinding): Iterable<Outcome> {
  const name = roleRef.at("name");
  yield new Part(object, "the binding").fails(
    "makes its subjects administrators of the cluster",
    name,
    () => name.read() === "cluster-admin" && roleRef.at("kind").read() === "ClusterRole",
  );
  for (const subject of subjects) {
    const name = subject.at("name");
    yield subject.fails("is anybody who reaches the API server", name, () => ANYBODY.includes(name.text() ?? ""));
  }
}
