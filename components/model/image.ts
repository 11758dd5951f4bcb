/** How an image is built from a Dockerfile. */
export interface ImageBuild {
  /** Folder sent to the builder, relative to the program's folder. */
  context: string;
  /** Path of the Dockerfile, relative to the program's folder. Defaults to "Dockerfile" in the context. */
  dockerfile?: string;
  /** Build arguments. They are visible in the image's history: never a secret. */
  args?: Record<string, string>;
  /** Stage to build. Defaults to the last one. */
  target?: string;
  /** Platforms such as "linux/amd64". Defaults to the platform of the builder. */
  platforms?: string[];
}

/** An image: either built here, or named by digest. Exactly one of the two. */
export interface Image {
  /** Build it. */
  build?: ImageBuild;
  /** Take a published one: "registry/repository@sha256:…". A tag is refused, since it may move. */
  reference?: string;
}
