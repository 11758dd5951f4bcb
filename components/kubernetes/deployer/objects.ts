import type { Child } from "../children";
import { rule } from "../platform/common";
import type { DeployerPlan } from "./plan";

const labels = { "app.kubernetes.io/managed-by": "headgate" };

/** Role of a deployer's token. */
export const TOKEN_ROLE = "token";

/** An account, and in each namespace the rights to deliver services there. */
export function deployerObjects(plan: DeployerPlan): Child[] {
  const { name, namespaces, accountNamespace } = plan;
  const here = { name, namespace: accountNamespace, labels };
  const people = [
    ...plan.users.map((user) => ({ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" })),
    ...plan.groups.map((group) => ({ kind: "Group", name: group, apiGroup: "rbac.authorization.k8s.io" })),
  ];
  const subjects = [{ kind: "ServiceAccount", name, namespace: accountNamespace }, ...people];
  return [
    { kind: "ServiceAccount", role: "account", args: { metadata: here, automountServiceAccountToken: false } },
    ...namespaces.flatMap((namespace): Child[] => [
      { kind: "Role", role: `role-${namespace}`, args: { metadata: { ...here, namespace }, rules: RULES } },
      {
        kind: "RoleBinding",
        role: `binding-${namespace}`,
        after: ["account", `role-${namespace}`],
        args: {
          metadata: { ...here, namespace },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
          subjects,
        },
      },
    ]),
    ...(plan.token
      ? [
          {
            kind: "Secret",
            role: TOKEN_ROLE,
            after: ["account"],
            args: {
              metadata: {
                name: `${name}-token`,
                namespace: accountNamespace,
                labels,
                annotations: { "kubernetes.io/service-account.name": name },
              },
              type: "kubernetes.io/service-account-token",
            },
          } satisfies Child,
        ]
      : []),
  ];
}

const OWNED = "get list watch create update patch delete";
const SEEN = "get list watch";

/**
 * What `pulumi up` does with services and jobs: it owns their objects, follows their releases, and reads why pods do
 * not start. No roles and no namespaces, so that nobody gets further rights by it. Whoever may make pods in a namespace
 * can read its Secrets.
 */
const RULES = [
  rule("", "services configmaps secrets serviceaccounts persistentvolumeclaims", OWNED),
  rule("", "pods events resourcequotas", SEEN),
  rule("", "pods/log", "get"),
  rule("apps", "deployments statefulsets daemonsets", OWNED),
  rule("apps", "replicasets", SEEN),
  rule("batch", "jobs cronjobs", OWNED),
  rule("autoscaling", "horizontalpodautoscalers", OWNED),
  rule("policy", "poddisruptionbudgets", OWNED),
  rule("networking.k8s.io", "networkpolicies ingresses", OWNED),
  rule("argoproj.io", "rollouts analysistemplates", OWNED),
  // Promoting and aborting by hand.
  rule("argoproj.io", "rollouts/status", "get update patch"),
  rule("argoproj.io", "analysisruns", SEEN),
  rule("traefik.io", "ingressroutes traefikservices middlewares", OWNED),
  rule("gateway.networking.k8s.io", "httproutes", OWNED),
  rule("networking.istio.io", "virtualservices destinationrules", OWNED),
  rule("monitoring.coreos.com", "servicemonitors podmonitors", OWNED),
];
