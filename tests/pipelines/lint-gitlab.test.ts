import { expect, test } from "vitest";
import { lintGitLab } from "./lint-gitlab";

const good = `stages: [test, deploy]
include:
  - local: .gitlab/scan.yml
test:
  stage: test
  image: node:24
  script: [npm test]
  id_tokens:
    AWS: { aud: https://sts.example.com }
deploy:
  stage: deploy
  needs: [test, scan]
  script: [./deploy.sh]
  environment: { name: staging }
  resource_group: staging
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
`;
const scan = "scan:\n  stage: test\n  script: [./scan.sh]\n";
const lint = (pipeline: string) =>
  lintGitLab([
    { path: ".gitlab-ci.yml", content: pipeline },
    { path: ".gitlab/scan.yml", content: scan },
  ]);

test("a good pipeline with a file it includes is accepted", async () => {
  expect(await lint(good)).toBeUndefined();
});

test.each([
  ["an unknown key", "resource_group:", "resource_groop:", "'resource_groop' property is not expected"],
  ["a job that is not there", "[test, scan]", "[test, scam]", "needs: [scam] for deploy could not be found"],
  ["a stage that is not there", "stage: deploy", "stage: deplay", "deplay"],
  ["a file that is not there", "scan.yml", "scam.yml", "scam.yml"],
  ["a number for a script", "[npm test]", "12", "script"],
  ["what is no YAML", "stages: [test, deploy]", "stages: [test", ""],
])("%s is told", async (_, from, to, said) => {
  expect(good).toContain(from);
  expect(await lint(good.replace(from, to))).toContain(said);
});
