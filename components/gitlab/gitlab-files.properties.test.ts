import fc from "fast-check";
import { expect, test } from "vitest";
import { gitlabFiles } from "./gitlab-files";
import { brokenRules } from "./testing/ci-rules";
import { gitlabDeliveries, planned, secretsOf, startsOf } from "./testing/samples";

const runs = 450;

test("no pipeline that is written breaks a rule, and each is written the same way twice", () => {
  let skipped = 0;
  fc.assert(
    fc.property(gitlabDeliveries, (delivery) => {
      const plan = planned(delivery);
      if (plan === undefined) {
        skipped += 1;
        return;
      }
      const files = gitlabFiles(plan);
      expect(brokenRules(files, startsOf(plan), secretsOf(plan))).toEqual([]);
      expect(gitlabFiles(structuredClone(plan))).toEqual(files);
    }),
    { numRuns: runs },
  );
  expect(runs - skipped, `${skipped} documents were skipped`).toBeGreaterThan(300);
}, 120_000);
