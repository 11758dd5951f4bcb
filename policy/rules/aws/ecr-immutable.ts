import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { imageRepository } from "../../model/registry";

export const ecrImmutable = defineRule({
  id: "ecr-immutable",
  title: "Tags of images cannot be moved",
  severity: "high",
  standards: [...foundationalSecurity("ECR.2"), ...checkov("CKV_AWS_51")],
  levels: levels("advisory", "mandatory"),
  model: imageRepository,
  why: "Who may push can put another image under a tag that was tested, and it runs with the next start.",
  remediation: 'Set imageTagMutability to "IMMUTABLE"; in Artifact Registry dockerConfig.immutableTags to true.',
  *check({ service, repository, takesImages }) {
    const [mutability, immutable] = [repository.at("imageTagMutability"), repository.at("dockerConfig.immutableTags")];
    if (service === "ECR") {
      yield repository.fails("lets tags be moved", mutability, () => {
        const value = mutability.read();
        return value !== "IMMUTABLE" && value !== "IMMUTABLE_WITH_EXCLUSION";
      });
    } else {
      yield repository.fails("lets tags be moved", immutable, () => takesImages() && immutable.read() !== true);
    }
  },
});
