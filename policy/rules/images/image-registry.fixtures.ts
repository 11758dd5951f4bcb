import { container } from "../../testing/docker";
import { broken, example, type Fixtures, malformed, noWorkload, podOf } from "../../testing/fixtures";

export const fixtures: Fixtures = {
  pass: [
    example("a registry by name", podOf({ image: "registry.example/shop:1.2" })),
    example("a registry with a port", podOf({ image: "localhost:5000/shop" })),
    example("a registry on this machine", podOf({ image: "localhost/shop" })),
    {
      ...example("an allowed registry", podOf({ image: "registry.example/shop:1.2" })),
      options: { allowed: ["registry.example"] },
    },
    {
      ...example("an allowed part of one", podOf({ image: "GHCR.io/acme/shop" })),
      options: { allowed: ["ghcr.io/acme"] },
    },
    {
      ...example("an allowed repository", podOf({ image: "ghcr.io/acme/shop@sha256:0" })),
      options: { allowed: ["ghcr.io/acme/shop"] },
    },
    {
      ...example("a bare name where its registry is allowed", podOf({ image: "nginx:1.29" })),
      options: { allowed: ["docker.io/library"] },
    },
    {
      ...example("the same registry by another name", podOf({ image: "index.docker.io/acme/shop" })),
      options: { allowed: ["docker.io/acme"] },
    },
    {
      ...example("an image that the engine has, by its id", container({ image: `sha256:${"b".repeat(64)}` })),
      options: { allowed: ["registry.example"] },
    },
  ],
  fail: [
    broken("no registry in Docker", "image", container({ image: "nginx" })),
    broken("no registry", "spec.containers[0].image", podOf({ image: "nginx:1.29" })),
    broken("no registry before the organisation", "spec.containers[0].image", podOf({ image: "acme/shop" })),
    {
      ...broken("another registry", "spec.containers[0].image", podOf({ image: "quay.io/acme/shop" })),
      options: { allowed: ["ghcr.io"] },
    },
    {
      ...broken(
        "a registry that only begins alike",
        "spec.containers[0].image",
        podOf({ image: "ghcr.io.example/acme/shop" }),
      ),
      options: { allowed: ["ghcr.io"] },
    },
    {
      ...broken(
        "an organisation that only begins alike",
        "spec.containers[0].image",
        podOf({ image: "ghcr.io/acme-two/shop" }),
      ),
      options: { allowed: ["ghcr.io/acme"] },
    },
    {
      ...broken(
        "a repository that only begins alike",
        "spec.containers[0].image",
        podOf({ image: "ghcr.io/acme/shop-two" }),
      ),
      options: { allowed: ["ghcr.io/acme/shop"] },
    },
  ],
  malformed: [malformed("no image", "fail", podOf({})), malformed("an empty text", "fail", podOf({ image: "" }))],
  wrongKind: [noWorkload(podOf({ image: "nginx" }))],
};
