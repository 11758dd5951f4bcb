import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const GROUP = "kubernetes:rbac.authorization.k8s.io/v1";
const role = (rules: unknown, kind = "ClusterRole") => resource(`${GROUP}:${kind}`, { rules });
const binding = (name: unknown, subjects: unknown, kind = "ClusterRole") =>
  resource(`${GROUP}:ClusterRoleBinding`, { roleRef: { kind, name }, subjects });
const SHOP = { kind: "ServiceAccount", name: "shop" };
const RBAC = "rbac.authorization.k8s.io";

export const fixtures: Fixtures = {
  pass: [
    example("rights of its own", role([{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"] }])),
    example(
      "one role to bind, by name",
      role([{ apiGroups: [RBAC], resources: ["roles"], verbs: ["bind"], resourceNames: ["viewer"] }]),
    ),
    example("the same verb for another group", role([{ apiGroups: ["a.b"], resources: ["roles"], verbs: ["bind"] }])),
    example("reading webhooks", role([{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list"] }])),
    example("a role of its own for a service", binding("shop", [SHOP])),
    example("a role of the namespace with that name", binding("cluster-admin", [SHOP], "Role")),
  ],
  fail: [
    broken(
      "binding any role",
      "rules[0].verbs",
      role([{ apiGroups: [RBAC], resources: ["clusterroles"], verbs: ["bind"] }]),
    ),
    broken(
      "widening a role, even one by name",
      "rules[0].verbs",
      role([{ apiGroups: [RBAC], resources: ["roles"], verbs: ["escalate"], resourceNames: ["viewer"] }], "Role"),
    ),
    broken(
      "acting as somebody else",
      "rules[0].verbs",
      role([{ apiGroups: [""], resources: ["users"], verbs: ["impersonate"], resourceNames: [] }]),
    ),
    broken(
      "writing webhooks",
      "rules[0].verbs",
      role([
        {
          apiGroups: ["admissionregistration.k8s.io"],
          resources: ["mutatingwebhookconfigurations"],
          verbs: ["get", "patch"],
        },
      ]),
    ),
    broken(
      "approving certificates",
      "rules[0].verbs",
      role([{ apiGroups: ["certificates.k8s.io"], resources: ["*/approval"], verbs: ["update"] }]),
    ),
    broken(
      "making tokens, in the second rule",
      "rules[1].verbs",
      role([
        { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
        { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
      ]),
    ),
    broken(
      "every verb for everything",
      Array(6).fill("rules[0].verbs"),
      role([{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]),
    ),
    broken("the cluster's administrator", "roleRef.name", binding("cluster-admin", [SHOP])),
    broken(
      "a role for anybody",
      ["subjects[1].name", "subjects[2].name"],
      binding("viewer", [
        SHOP,
        { kind: "User", name: "system:anonymous" },
        { kind: "Group", name: "system:unauthenticated" },
      ]),
    ),
  ],
  malformed: [
    malformed("rules that are a text", "pass", role("*")),
    malformed("a rule that is null", "pass", role([null])),
    malformed("texts for lists", "pass", role([{ apiGroups: "*", resources: "*", verbs: "*" }])),
    malformed("numbers", "pass", role([{ apiGroups: [1], resources: [1], verbs: [1] }])),
    malformed("a binding without subjects", "pass", binding(1, null)),
  ],
  wrongKind: [
    example(
      "a role of another group",
      resource("kubernetes:example.com/v1:ClusterRole", {
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      }),
    ),
  ],
};
