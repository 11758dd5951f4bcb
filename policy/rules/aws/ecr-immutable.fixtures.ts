import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const ecr = of("aws:ecr/repository:Repository");
const artifacts = of("gcp:artifactregistry/repository:Repository");

export const fixtures: Fixtures = {
  pass: [
    example("immutable", ecr({ imageTagMutability: "IMMUTABLE" })),
    example("immutable but for some", ecr({ imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" })),
    example("immutable in Artifact Registry", artifacts({ format: "DOCKER", dockerConfig: { immutableTags: true } })),
    example("packages, which have no tags", artifacts({ format: "NPM" })),
    example("copies of another registry", artifacts({ format: "DOCKER", mode: "REMOTE_REPOSITORY" })),
  ],
  fail: [
    broken("nothing said", "imageTagMutability", ecr({ name: "shop" })),
    broken("mutable", "imageTagMutability", ecr({ imageTagMutability: "MUTABLE" })),
    broken("mutable but for some", "imageTagMutability", ecr({ imageTagMutability: "MUTABLE_WITH_EXCLUSION" })),
    broken("nothing said in Artifact Registry", "dockerConfig.immutableTags", artifacts({ format: "docker" })),
    broken(
      "mutable in Artifact Registry",
      "dockerConfig.immutableTags",
      artifacts({ format: "DOCKER", mode: "STANDARD_REPOSITORY", dockerConfig: { immutableTags: false } }),
    ),
  ],
  malformed: [malformed("a number", "fail", ecr({ imageTagMutability: 1 }))],
  wrongKind: [example("a public repository", of("aws:ecrpublic/repository:Repository")({}))],
};
