import { expect, it } from "vitest";
import { imageReference } from "./image";

const DIGEST = `sha256:${"0a".repeat(32)}`;

it.each([
  ["nginx", "docker.io", "library/nginx", undefined, undefined],
  ["nginx:1.29", "docker.io", "library/nginx", "1.29", undefined],
  ["acme/shop", "docker.io", "acme/shop", undefined, undefined],
  ["docker.io/nginx", "docker.io", "library/nginx", undefined, undefined],
  ["index.docker.io/acme/shop", "docker.io", "acme/shop", undefined, undefined],
  ["localhost/shop", "localhost", "shop", undefined, undefined],
  ["localhost:5000/shop", "localhost:5000", "shop", undefined, undefined],
  ["GHCR.io/acme/shop:1", "ghcr.io", "acme/shop", "1", undefined],
  [`ghcr.io/acme/shop:1@${DIGEST}`, "ghcr.io", "acme/shop", "1", DIGEST],
  [`ghcr.io/acme/shop@${DIGEST}0`, "ghcr.io", "acme/shop", undefined, undefined],
  [`ghcr.io/acme/shop@${DIGEST.toUpperCase()}`, "ghcr.io", "acme/shop", undefined, undefined],
  ["", "docker.io", "library/", undefined, undefined],
])("takes %s apart", (text, registry, repository, tag, digest) => {
  const found = imageReference(text);
  expect([found.registry, found.repository, found.tag, found.digest]).toEqual([registry, repository, tag, digest]);
});
