import { flag, type Infer, list, map, object, text } from "../../shared/shape";

export const buildShape = object({
  context: text,
  dockerfile: text,
  args: map,
  target: text,
  platform: text,
  network: text,
  addHosts: list(text),
  builderVersion: text,
  cacheFrom: object({ images: list(text) }),
  /** Made by the check: changes with the files of the build. */
  contextDigest: text,
});
export const registryShape = object({ server: text, username: text, password: text });

export const imageShape = object(
  {
    imageName: text,
    build: object(buildShape.fields, ["context", "dockerfile"]),
    registry: registryShape,
    skipPush: flag,
    buildOnPreview: flag,
  },
  ["imageName", "build"],
);
export type ImageInputs = Infer<typeof imageShape>;
export type BuildInputs = ImageInputs["build"];
