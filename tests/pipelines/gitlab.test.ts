import fc from "fast-check";
import { expect, test } from "vitest";
import { gitlabFiles } from "../../components/gitlab/gitlab-files";
import { gitlabDeliveries, planned } from "../../components/gitlab/testing/samples";
import type { GeneratedFile } from "../../components/pipeline/generated-file";
import { refused } from "./gitlab/parser";

const wanted = 300;

test("gitlab-ci-local takes every pipeline that is written", async () => {
  const sampled = fc.sample(gitlabDeliveries, { numRuns: 2 * wanted, seed: 8 });
  const written: GeneratedFile[][] = [];
  let skipped = 0;
  for (const delivery of sampled) {
    const plan = planned(delivery);
    if (plan === undefined) skipped += 1;
    else if (written.length < wanted) written.push(gitlabFiles(plan));
  }
  expect(written.length, `${skipped} documents were skipped`).toBe(wanted);
  const said: string[] = [];
  const queue = [...new Map(written.map((files) => [JSON.stringify(files), files])).values()];
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (let files = queue.pop(); files !== undefined; files = queue.pop()) {
        const answer = await refused(files);
        if (answer !== undefined) said.push(answer);
      }
    }),
  );
  expect(said).toEqual([]);
}, 900_000);

test("gitlab-ci-local refuses what GitLab would", async () => {
  const wrong = { path: ".gitlab-ci.yml", content: "lint:\n  scripts: [npm test]\n" };
  expect(await refused([wrong])).toMatch(/lint/);
  const reserved = { path: ".gitlab-ci.yml", content: "types:\n  script: [npm test]\n" };
  expect(await refused([reserved])).toMatch(/reserved/);
});
