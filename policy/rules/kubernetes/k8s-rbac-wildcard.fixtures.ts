import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const role = (rules: unknown, kind = "Role") => resource(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`, { rules });

export const fixtures: Fixtures = {
  pass: [
    example("what is used", role([{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "watch"] }])),
    example("one piece of every resource", role([{ apiGroups: ["apps"], resources: ["*/scale"], verbs: ["get"] }])),
    example("no rule", role([], "ClusterRole")),
  ],
  fail: [
    broken("every verb", "rules[0].verbs[0]", role([{ apiGroups: [""], resources: ["configmaps"], verbs: ["*"] }])),
    broken(
      "everything, in one of two rules of a role of the cluster",
      ["rules[1].verbs[1]", "rules[1].resources[0]", "rules[1].apiGroups[0]"],
      role(
        [
          { apiGroups: [""], resources: ["pods"], verbs: ["get"] },
          { apiGroups: ["*"], resources: ["*"], verbs: ["get", "*"] },
        ],
        "ClusterRole",
      ),
    ),
    broken("by a patch", "rules[0].verbs[0]", role([{ verbs: ["*"] }], "RolePatch")),
  ],
  malformed: [
    malformed("rules that are a text", "pass", role("*")),
    malformed("a rule that is null", "pass", role([null])),
    malformed("a text for a list", "pass", role([{ verbs: "*" }])),
    malformed("a number among verbs", "pass", role([{ verbs: [1] }])),
  ],
  wrongKind: [
    example("a role of another group", resource("kubernetes:example.com/v1:Role", { rules: [{ verbs: ["*"] }] })),
    example(
      "a binding",
      resource("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", { rules: [{ verbs: ["*"] }] }),
    ),
  ],
};
