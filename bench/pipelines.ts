import { join } from "node:path";
import { readDocument } from "../cli/document";
import { githubFiles } from "../components/github/github-files";
import { gitlabFiles } from "../components/gitlab/gitlab-files";
import type { Delivery } from "../components/model/delivery";
import { planPipeline } from "../components/pipeline/plan-pipeline";

const REPOSITORIES = 100;
const ROUNDS = 5;

/** Measures how long the files of many repositories take: planned and written, in a process that just started. */
async function main(): Promise<void> {
  const { value } = await readDocument(join(__dirname, "..", "examples", "cicd", "cicd.yml"));
  const deliveries = Array.from({ length: REPOSITORIES }, (_, index) => {
    const delivery = structuredClone(value) as Delivery;
    delivery.repositories = { shop: { name: `acme/shop-${index}` } };
    // What both platforms can do.
    delivery.pipeline = {
      ...delivery.pipeline,
      registry: { kind: "other", address: "registry.example.com", userSecret: "USER", passwordSecret: "PASSWORD" },
      runners: { gitlabImage: `registry.example.com/pulumi@sha256:${"0a".repeat(32)}` },
      versioning: { way: "semantic-release" },
    };
    return delivery;
  });
  for (const [platform, files] of [
    ["github", githubFiles],
    ["gitlab", gitlabFiles],
  ] as const) {
    const seconds: number[] = [];
    let count = 0;
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = process.hrtime.bigint();
      const made = deliveries.flatMap((delivery) => files(planPipeline(delivery, { serviceName: "shop" }).plan));
      seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
      count = made.length;
      bytes = made.reduce((sum, { content }) => sum + content.length, 0);
    }
    const [first = 0, ...rest] = seconds;
    const warm = [...rest].sort((a, b) => a - b)[Math.floor(rest.length / 2)] ?? 0;
    const size = `${count} files, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
    console.log(
      `pipelines  ${platform}  ${REPOSITORIES} repositories, ${size}: first ${first.toFixed(2)} s, then ${warm.toFixed(2)} s (asked: 2 s)`,
    );
  }
}

void main();
