import { container, swarm } from "../../testing/docker";
import { broken, example, type Fixtures, malformed, noWorkload, pod, podOf, resource } from "../../testing/fixtures";

const DIGEST = `registry.example/shop@sha256:${"a".repeat(64)}`;

const ID = `sha256:${"b".repeat(64)}`;
const task = (...images: unknown[]) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", {
    family: "shop",
    containerDefinitions: JSON.stringify(images.map((image) => ({ name: "web", image }))),
  });
const cloudRun = (image: string) =>
  resource("gcp:cloudrunv2/service:Service", { template: { containers: [{ image }] } });

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
    example("tasks of ECS", task(DIGEST)),
    example("a function of an image", resource("aws:lambda/function:Function", { imageUri: DIGEST })),
    example("a function of an archive", resource("aws:lambda/function:Function", { runtime: "nodejs24.x" })),
    example("Cloud Run", cloudRun(DIGEST)),
    example("a container of Docker", container({ image: DIGEST })),
    example("an image that the engine has, by its id", container({ image: ID })),
    example("a service in a swarm", swarm({ image: DIGEST })),
    example(
      "an image that the engine builds",
      resource("docker:index/remoteImage:RemoteImage", { name: "shop", build: { context: "." } }),
    ),
  ],
  fail: [
    broken("an id where no engine has images", "spec.containers[0].image", podOf({ image: ID })),
    broken("a tag in tasks of ECS", "containerDefinitions[1].image", task(DIGEST, "registry.example/shop:1")),
    broken(
      "a function of a tag",
      "imageUri",
      resource("aws:lambda/function:Function", { packageType: "Image", imageUri: "registry.example/shop:1" }),
    ),
    broken("a tag in Cloud Run", "template.containers[0].image", cloudRun("registry.example/shop:1")),
    broken(
      "a tag in the former kind of Cloud Run",
      "template.spec.containers[0].image",
      resource("gcp:cloudrun/service:Service", { template: { spec: { containers: [{ image: "shop" }] } } }),
    ),
    broken(
      "a tag in a job of Cloud Run",
      "template.template.containers[0].image",
      resource("gcp:cloudrunv2/job:Job", { template: { template: { containers: [{ image: "shop" }] } } }),
    ),
    broken(
      "a tag in workers of Cloud Run",
      "template.containers[0].image",
      resource("gcp:cloudrunv2/workerPool:WorkerPool", { template: { containers: [{ image: "shop" }] } }),
    ),
    broken("a tag in Docker", "image", container({ image: "shop:1" })),
    broken("a tag in a swarm", "taskSpec.containerSpec.image", swarm({ image: "shop:1" })),
    broken(
      "an image that the engine pulls by a tag",
      "name",
      resource("docker:index/remoteImage:RemoteImage", { name: "registry.example/shop:1" }),
    ),
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
