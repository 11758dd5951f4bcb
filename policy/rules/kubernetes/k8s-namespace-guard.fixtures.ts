import { deployment, object, workload } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const ENFORCE = "pod-security.kubernetes.io/enforce";
const LABEL = `metadata.labels["${ENFORCE}"]`;
const namespace = (level: unknown = "restricted", name: unknown = "store") =>
  resource("kubernetes:core/v1:Namespace", { metadata: { name, labels: { [ENFORCE]: level } } });
const policy = (spec: object = {}, metadata = {}) =>
  object(
    "networking.k8s.io/v1:NetworkPolicy",
    { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...spec },
    metadata,
  );

export const fixtures: Fixtures = {
  pass: [
    example("a guarded namespace", namespace(), policy(), deployment({})),
    example(
      "the profile baseline, and a policy without types",
      namespace("baseline"),
      policy({ policyTypes: undefined }),
    ),
    example("a namespace of Kubernetes", namespace("privileged", "kube-system")),
    example("a label that is added", resource("kubernetes:core/v1:NamespacePatch", { metadata: { name: "store" } })),
    example("no namespace named", workload("batch/v1:Job", {}, { namespace: undefined })),
  ],
  fail: [
    broken("no label", LABEL, namespace(null), policy()),
    broken("any pod", LABEL, namespace("privileged"), policy()),
    broken("no policy", "metadata.name", namespace()),
    broken("a policy of some pods", "metadata.name", namespace(), policy({ podSelector: { matchLabels: { a: "b" } } })),
    broken("a policy that allows something", "metadata.name", namespace(), policy({ ingress: [{}] })),
    broken("a policy of what goes out", "metadata.name", namespace(), policy({ policyTypes: ["Egress"] })),
    broken("a policy elsewhere", "metadata.name", namespace(), policy({}, { namespace: "other" })),
    broken("the default namespace", "metadata.namespace", deployment({}, { namespace: "default" })),
    broken("a label that takes the guard away", LABEL, {
      ...namespace("privileged"),
      type: "kubernetes:core/v1:NamespacePatch",
    }),
  ],
  malformed: [
    malformed("a namespace that is null", "pass", resource("kubernetes:core/v1:Namespace", null)),
    malformed(
      "labels that are a text",
      "fail",
      resource("kubernetes:core/v1:Namespace", { metadata: { name: "store", labels: "x" } }),
    ),
    malformed("a policy of nothing", "fail", namespace(), policy({ policyTypes: "none" })),
  ],
  wrongKind: [
    example("a namespace of another group", {
      ...namespace("privileged"),
      type: "kubernetes:example.com/v1:Namespace",
    }),
  ],
};
