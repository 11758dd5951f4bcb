import { broken, example, type Fixtures, malformed, noWorkload, pod, resource } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("an account of its own", pod({ serviceAccountName: "shop" })),
    example("the former field", pod({ serviceAccountName: "", serviceAccount: "shop" })),
    example(
      "a binding to it",
      resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", {
        subjects: [{ kind: "ServiceAccount", name: "shop" }],
      }),
    ),
    example(
      "a user of that name",
      resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", {
        subjects: [{ kind: "User", name: "default" }],
      }),
    ),
  ],
  fail: [
    broken("none named", "spec.serviceAccountName", pod({})),
    broken("the default one", "spec.serviceAccountName", pod({ serviceAccountName: "default" })),
    broken("the default one by the former field", "spec.serviceAccountName", pod({ serviceAccount: "default" })),
    broken("no name", "spec.serviceAccountName", pod({ serviceAccountName: "", serviceAccount: "" })),
    broken(
      "a role for it",
      "subjects[1].name",
      resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", {
        subjects: [
          { kind: "ServiceAccount", name: "shop" },
          { kind: "ServiceAccount", name: "default" },
        ],
      }),
    ),
    broken(
      "a role of the cluster for it",
      "subjects[0].name",
      resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", {
        subjects: [{ kind: "ServiceAccount", name: "default" }],
      }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "fail", pod("none")),
    malformed(
      "subjects that are a text",
      "pass",
      resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", { subjects: "default" }),
    ),
    malformed("an account that is a number", "fail", pod({ serviceAccountName: 1 })),
  ],
  wrongKind: [
    noWorkload(pod({})),
    example(
      "a role",
      resource("kubernetes:rbac.authorization.k8s.io/v1:Role", {
        subjects: [{ kind: "ServiceAccount", name: "default" }],
      }),
    ),
    example(
      "a binding of another group",
      resource("kubernetes:example.com/v1:RoleBinding", { subjects: [{ kind: "ServiceAccount", name: "default" }] }),
    ),
  ],
};
