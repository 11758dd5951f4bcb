import { z } from "zod";
import { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { defineStackRule } from "../../core/rule";
import { checkov, cisKubernetes, slsa } from "../../core/standard";
import { imageReference } from "../../model/image";
import { imageUses } from "../../model/image-use";
import { isVerifiedInCloudRun, isVerifiedInCluster } from "../../model/image-verification";
import { lambdaFunctions } from "../../model/lambda";
import { objects } from "../../model/object";

const options = z.strictObject({
  verifiedElsewhere: z
    .array(z.string().min(1))
    .default([])
    .describe('beginnings of references that another stack verifies where they run, "ghcr.io/acme/"'),
});

const runServices = objects("Cloud Run", "the service", [
  "gcp:cloudrunv2/service:Service",
  "gcp:cloudrunv2/job:Job",
  "gcp:cloudrunv2/workerPool:WorkerPool",
]);

export const imageSigned = defineStackRule({
  id: "image-signed",
  title: "What runs is verified to be signed",
  severity: "high",
  standards: [
    ...slsa("Verifying artifacts"),
    ...cisKubernetes("5.5.1"),
    ...checkov("CKV_GHA_5", "CKV_GCP_66", "CKV_AWS_272"),
  ],
  levels: levels("off", "mandatory"),
  options,
  why: "Where nothing asks for a signature, whoever can push to the registry or change a reference decides what runs.",
  remediation:
    "Verify images where they run: verifyImages of Kyverno, a ClusterImagePolicy of Sigstore, Binary Authorization in Google Cloud, a code signing configuration for functions of Lambda. Name in verifiedElsewhere what another stack verifies.",
  *check(stack, { verifiedElsewhere }) {
    const isElsewhere = (text: string): boolean => {
      const { registry, repository } = imageReference(text);
      return verifiedElsewhere.some((start) => text.startsWith(start) || `${registry}/${repository}`.startsWith(start));
    };
    for (const { part, image } of stack.of(imageUses).flat()) {
      const { origin } = part.cursor;
      if (!origin.resource.type.startsWith("kubernetes:")) continue;
      const object = Cursor.of(origin, origin.resource.properties);
      yield part.fails("runs an image that nothing verifies", image, () => {
        const text = image.text();
        return (
          text !== undefined && !isElsewhere(text) && !isVerifiedInCluster(stack, text, object.at("metadata.namespace"))
        );
      });
    }
    for (const service of stack.of(runServices)) {
      const own = service.at("binaryAuthorization");
      yield service.fails("runs images that nothing verifies", own, () => !isVerifiedInCloudRun(stack, service));
    }
    for (const lambda of stack.of(lambdaFunctions)) {
      const signing = lambda.at("codeSigningConfigArn");
      // Lambda verifies archives only.
      yield lambda.fails(
        "runs code that nothing verifies",
        signing,
        () => !signing.present() && lambda.at("packageType").read() !== "Image",
      );
    }
  },
});
