import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const ecr = of("aws:ecr/repository:Repository");
const artifacts = of("gcp:artifactregistry/repository:Repository");

export const fixtures: Fixtures = {
  pass: [
    example("a key", ecr({ encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:aws:kms:x" }] })),
    example("a key in Artifact Registry", artifacts({ kmsKeyName: "projects/p/locations/l/keyRings/r/cryptoKeys/k" })),
  ],
  fail: [
    broken("nothing said", "encryptionConfigurations", ecr({})),
    broken(
      "the cloud's key",
      "encryptionConfigurations",
      ecr({ encryptionConfigurations: [{ encryptionType: "KMS" }] }),
    ),
    broken("nothing said in Artifact Registry", "kmsKeyName", artifacts({ format: "DOCKER" })),
  ],
  malformed: [malformed("a text for a list", "fail", ecr({ encryptionConfigurations: "KMS" }))],
  wrongKind: [example("a public repository", of("aws:ecrpublic/repository:Repository")({}))],
};
