import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, scorecard, slsa } from "../../core/standard";
import { imageReference } from "../../model/image";
import { imageUses } from "../../model/image-use";

export const imageDigest = defineRule({
  id: "image-digest",
  title: "Images are named by their digest",
  severity: "high",
  standards: [...checkov("CKV_K8S_43"), ...scorecard("Pinned-Dependencies"), ...slsa("Provenance: subject digest")],
  levels: levels("advisory", "mandatory"),
  model: imageUses,
  why: "A tag can be moved: what was tested, scanned and signed is then not what runs.",
  remediation: 'Name the image with its digest: "registry/repository@sha256:…". Headgate\'s image component gives it.',
  *check(uses) {
    for (const { part, image, isReference } of uses) {
      yield part.fails("runs an image that is not named by its digest", image, () => {
        const text = image.text();
        return text === undefined || (imageReference(text).digest === undefined && isReference());
      });
    }
  },
});
