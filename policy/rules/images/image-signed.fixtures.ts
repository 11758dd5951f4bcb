import { of } from "../../testing/cloud";
import { deployment, object } from "../../testing/cluster";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const IMAGE = "ghcr.io/acme/shop:1";
const AT = "spec.template.spec.containers[0].image";
const shop = deployment({ template: { spec: { containers: [{ name: "web", image: IMAGE }] } } });
const kyverno = (check: Record<string, unknown>, spec = {}) =>
  object("kyverno.io/v1:ClusterPolicy", {
    ...spec,
    rules: [{ name: "signed", verifyImages: [{ imageReferences: ["ghcr.io/acme/*"], attestors: [{}], ...check }] }],
  });
const enforce = { failureAction: "Enforce" };
const namespaced = (namespace: string) =>
  object(
    "kyverno.io/v1:Policy",
    { rules: [{ verifyImages: [{ imageReferences: ["*"], failureAction: "Enforce" }] }] },
    { namespace },
  );
const sigstore = (glob: string, spec = {}) =>
  object("policy.sigstore.dev/v1beta1:ClusterImagePolicy", {
    images: [{ glob }],
    authorities: [{ keyless: {} }],
    ...spec,
  });
const validating = (spec: Record<string, unknown>) => object("policies.kyverno.io/v1:ImageValidatingPolicy", spec);
const attested = (evaluationMode: string, enforcementMode = "ENFORCED_BLOCK_AND_AUDIT_LOG") =>
  of("gcp:binaryauthorization/policy:Policy")({ defaultAdmissionRule: { evaluationMode, enforcementMode } });
const gke = (binaryAuthorization: unknown) => of("gcp:container/cluster:Cluster")({ binaryAuthorization });
const run = of("gcp:cloudrunv2/service:Service");
const lambda = of("aws:lambda/function:Function");

export const fixtures: Fixtures = {
  pass: [
    example("verified by Kyverno", shop, kyverno(enforce)),
    example("verified by Kyverno, said for all rules", shop, kyverno({}, { validationFailureAction: "enforce" })),
    example("verified by Kyverno in its namespace", shop, namespaced("store")),
    example("validated by Kyverno", shop, validating({ matchImageReferences: [{ glob: "ghcr.io/*" }] })),
    example("validated by Kyverno, all images", shop, validating({ validationActions: ["Audit", "Deny"] })),
    example("verified by Sigstore", shop, sigstore("ghcr.io/acme/**")),
    example("attested in GKE", shop, attested("REQUIRE_ATTESTATION")),
    example("GKE asks a policy of another stack", shop, gke({ evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" })),
    { ...example("in a cluster of another stack", shop), options: { verifiedElsewhere: ["ghcr.io/acme/"] } },
    {
      ...example(
        "a short name, in a cluster of another stack",
        deployment({ template: { spec: { containers: [{ name: "web", image: "nginx:1" }] } } }),
      ),
      options: { verifiedElsewhere: ["docker.io/library/"] },
    },
    example(
      "validated by Kyverno, by the second of its patterns",
      shop,
      validating({ matchImageReferences: [{ glob: "docker.io/*" }, { expression: "true" }] }),
    ),
    example("Cloud Run by the project's policy", run({ binaryAuthorization: { useDefault: true } })),
    example("Cloud Run by a policy of its own", run({ binaryAuthorization: { policy: "projects/p/platforms/x" } })),
    example("a signed archive", lambda({ codeSigningConfigArn: "arn:aws:lambda:eu-west-1:1:code-signing-config:a" })),
    example("an image in Lambda, which verifies none", lambda({ packageType: "Image", imageUri: IMAGE })),
  ],
  fail: [
    broken("no verifier", AT, shop),
    broken("Kyverno for other images", AT, shop, kyverno({ ...enforce, imageReferences: ["ghcr.io/other/*"] })),
    broken("Kyverno that skips it", AT, shop, kyverno({ ...enforce, skipImageReferences: ["ghcr.io/acme/shop*"] })),
    broken("Kyverno in another namespace", AT, shop, namespaced("other")),
    broken("Kyverno that only tells", AT, shop, kyverno({ failureAction: "Audit" })),
    broken("Kyverno that does not ask for it", AT, shop, kyverno({ ...enforce, required: false })),
    broken("Kyverno that tells and warns", AT, shop, validating({ validationActions: ["Audit", "Warn"] })),
    broken("Kyverno that only warns", AT, shop, validating({ validationActions: ["Warn"] })),
    broken("Sigstore that only warns", AT, shop, sigstore("**", { mode: "warn" })),
    broken("Sigstore that lets all pass", AT, shop, sigstore("**", { authorities: [{ static: { action: "pass" } }] })),
    broken("attestations that only a log asks for", AT, shop, attested("REQUIRE_ATTESTATION", "DRYRUN_AUDIT_LOG_ONLY")),
    broken("a policy that allows all", AT, shop, attested("ALWAYS_ALLOW"), gke({ enabled: true })),
    broken("GKE that does not ask", AT, shop, gke({ evaluationMode: "DISABLED" })),
    broken("Cloud Run", "binaryAuthorization", run({})),
    broken("an archive", "codeSigningConfigArn", lambda({ runtime: "nodejs24.x" })),
  ],
  malformed: [
    malformed("an image that is a number", "pass", deployment({ template: { spec: { containers: [{ image: 1 }] } } })),
    malformed("rules that are a text", "fail", shop, object("kyverno.io/v1:ClusterPolicy", { rules: "all" })),
  ],
  wrongKind: [example("a container of Docker", of("docker:index/container:Container")({ image: IMAGE }))],
};
