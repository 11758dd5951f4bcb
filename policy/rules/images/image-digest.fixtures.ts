import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf } from "../../testing/fixtures";

const DIGEST = `registry.example/shop@sha256:${"a".repeat(64)}`;

export const fixtures: Fixtures = {
  pass: [
    example("a digest", podOf({ image: DIGEST })),
    example("a tag and a digest", podOf({ image: DIGEST.replace("@", ":1.2@") })),
    example(
      "a volume of an image",
      pod({
        volumes: [
          { name: "data", image: { reference: DIGEST } },
          { name: "tmp", emptyDir: {} },
        ],
      }),
    ),
  ],
  fail: [
    broken("a tag", "spec.containers[0].image", podOf({ image: "registry.example/shop:1.2" })),
    broken(
      "a tag in an init container",
      "spec.initContainers[0].image",
      podOf({ image: DIGEST }, { initContainers: [{ name: "set-up", image: "busybox" }] }),
    ),
    broken("a digest that is too short", "spec.containers[0].image", podOf({ image: DIGEST.slice(0, -1) })),
    broken("two digests", "spec.containers[0].image", podOf({ image: `${DIGEST}@sha256:${"b".repeat(64)}` })),
    broken(
      "a volume of a tag",
      "spec.volumes[0].image.reference",
      pod({ volumes: [{ name: "data", image: { reference: "data:1" } }] }),
    ),
  ],
  malformed: [
    malformed("a spec that is a text", "pass", pod("none")),
    malformed("no image", "fail", podOf({})),
    malformed("a number", "fail", podOf({ image: 1 })),
  ],
  wrongKind: [noWorkload(podOf({ image: "busybox" }))],
};
