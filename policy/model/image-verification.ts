import { type Cursor, findOf } from "../core/cursor";
import type { Part } from "../core/part";
import type { Stack } from "../core/rule";
import { gkeCluster } from "./gke";
import { covers } from "./iam";
import { type KubernetesObject, kubernetesObjects } from "./kubernetes-object";
import { objects } from "./object";

const kyvernoPolicies = kubernetesObjects("policies of Kyverno", "kyverno.io", "ClusterPolicy", "Policy");
const kyvernoImagePolicies = kubernetesObjects(
  "image policies of Kyverno",
  "policies.kyverno.io",
  "ImageValidatingPolicy",
  "NamespacedImageValidatingPolicy",
);
const NAMESPACED = ["Policy", "NamespacedImageValidatingPolicy"];
const sigstorePolicies = kubernetesObjects("image policies of Sigstore", "policy.sigstore.dev", "ClusterImagePolicy");
const binaryAuthorization = objects("Binary Authorization", "the policy", ["gcp:binaryauthorization/policy:Policy"]);

/**
 * Whether something in the stack lets only signed images of this reference into a cluster: Kyverno, the policy
 * controller of Sigstore, or Binary Authorization of Google Cloud. @throws UnknownValue
 */
export const isVerifiedInCluster = (stack: Stack, image: string, namespace: Cursor): boolean =>
  findOf(
    [
      () =>
        findOf(
          stack.of(kyvernoPolicies),
          (policy) => isInForce(policy, namespace) && kyvernoVerifies(policy.object, image),
        ),
      () =>
        findOf(
          stack.of(kyvernoImagePolicies),
          (policy) => isInForce(policy, namespace) && kyvernoValidates(policy.object, image),
        ),
      () => findOf(stack.of(sigstorePolicies), ({ object }) => sigstoreVerifies(object, image)),
      () => isAuthorized(stack, () => findOf(stack.of(gkeCluster), enforces)) || undefined,
    ],
    (verifier) => verifier() !== undefined,
  ) !== undefined;

/** Whether Cloud Run starts only what Binary Authorization lets through. @throws UnknownValue */
export function isVerifiedInCloudRun(stack: Stack, service: Part): boolean {
  const own = service.at("binaryAuthorization");
  return isAuthorized(stack, () =>
    own.at("useDefault").read() === true || own.at("policy").present() ? own : undefined,
  );
}

/** Whether a policy of the stack asks for attestations. Without one in the stack, that it is switched on counts. */
function isAuthorized(stack: Stack, switchedOn: () => unknown): boolean {
  const policies = stack.of(binaryAuthorization);
  if (policies.length > 0)
    return findOf(policies, (policy) => attests(policy.at("defaultAdmissionRule"))) !== undefined;
  return switchedOn() !== undefined;
}

const attests = (rule: Cursor): boolean =>
  rule.at("evaluationMode").read() === "REQUIRE_ATTESTATION" &&
  rule.at("enforcementMode").read() === "ENFORCED_BLOCK_AND_AUDIT_LOG";

const enforces = (cluster: Part): boolean => {
  const { mode, old } = {
    mode: cluster.at("binaryAuthorization.evaluationMode"),
    old: cluster.at("binaryAuthorization.enabled"),
  };
  return mode.read() === "PROJECT_SINGLETON_POLICY_ENFORCE" || old.read() === true;
};

/** Some policies are those of their own namespace. */
const isInForce = ({ kind, object }: KubernetesObject, namespace: Cursor): boolean =>
  !NAMESPACED.includes(kind) ||
  (object.at("metadata.namespace").read() ?? "default") === (namespace.read() ?? "default");

const isAmong = (patterns: Cursor, image: string): boolean =>
  patterns.some((pattern) => covers(pattern.text() ?? "", image));

function kyvernoVerifies(policy: Cursor, image: string): boolean {
  const ofPolicy = policy.at("spec.validationFailureAction");
  return policy.at("spec.rules").some((rule) =>
    rule.at("verifyImages").some((check) => {
      const action = check.at("failureAction").text() ?? ofPolicy.text() ?? "Audit";
      return (
        isAmong(check.at("imageReferences"), image) &&
        !isAmong(check.at("skipImageReferences"), image) &&
        check.at("required").read() !== false &&
        action.toLowerCase() === "enforce"
      );
    }),
  );
}

function kyvernoValidates(policy: Cursor, image: string): boolean {
  const actions = policy.at("spec.validationActions");
  // Without a list of images all are meant, and without actions what does not hold is refused.
  const images = policy.at("spec.matchImageReferences");
  return (
    (!actions.present() || actions.some((action) => action.read() === "Deny")) &&
    (!images.present() ||
      images.some((each) => each.at("expression").present() || covers(each.at("glob").text() ?? "", image)))
  );
}

const sigstoreVerifies = (policy: Cursor, image: string): boolean =>
  policy.at("spec.mode").read() !== "warn" &&
  policy.at("spec.images").some((each) => covers(each.at("glob").text() ?? "", image)) &&
  !policy.at("spec.authorities").some((each) => each.at("static.action").read() === "pass");
