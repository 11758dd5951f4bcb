import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";

/** A repository of images. */
export interface ImageRepository {
  service: "ECR" | "Artifact Registry";
  repository: Part;
  /**
   * Whether images are pushed here: Artifact Registry also keeps other formats, and copies of other registries.
   * @throws UnknownValue
   */
  takesImages(): boolean;
}

const ECR = "aws:ecr/repository:Repository";
const ARTIFACTS = "gcp:artifactregistry/repository:Repository";

/** Repositories of images in AWS and Google Cloud. */
export const imageRepository: Model<ImageRepository> = {
  name: "repositories of images",
  accepts: (type) => type === ECR || type === ARTIFACTS,
  of(resource) {
    const repository = new Part(Cursor.root(resource), "the repository");
    if (resource.type === ECR) return { service: "ECR", repository, takesImages: () => true };
    const takesImages = () => {
      const mode = repository.at("mode").read() ?? "STANDARD_REPOSITORY";
      return repository.at("format").text()?.toUpperCase() === "DOCKER" && mode === "STANDARD_REPOSITORY";
    };
    return { service: "Artifact Registry", repository, takesImages };
  },
};
