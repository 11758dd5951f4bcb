import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { imageRepository } from "../../model/registry";

export const registryCmk = defineRule({
  id: "registry-cmk",
  title: "Images are encrypted with a key of one's own",
  severity: "low",
  standards: checkov("CKV_AWS_136", "CKV_GCP_84"),
  levels: levels("off", "advisory"),
  model: imageRepository,
  why: "With the cloud's own key nobody can take back what was stored, or see who decrypted it.",
  remediation: 'Set encryptionType to "KMS" with kmsKey; in Artifact Registry kmsKeyName.',
  *check({ service, repository }) {
    const [key, configurations] = [repository.at("kmsKeyName"), repository.at("encryptionConfigurations")];
    if (service === "ECR") {
      yield repository.fails(
        "has no key of its owner's",
        configurations,
        () => !configurations.some((configuration) => configuration.at("kmsKey").present()),
      );
    } else yield repository.fails("has no key of its owner's", key, () => !key.present());
  },
});
