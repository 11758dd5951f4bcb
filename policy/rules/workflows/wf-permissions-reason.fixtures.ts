import {
  broken,
  commented,
  example,
  type Fixtures,
  inRepository,
  malformed,
  noWorkload,
  workflowOf,
} from "../../testing/fixtures";

const workflow = workflowOf({ build: { permissions: { contents: "read", "id-token": "write" } } });
const RIGHT = 'jobs.build.permissions["id-token"]';
const bare = commented(workflow, {});
const inFile = (text: string) =>
  inRepository(workflow, ".github/workflows/ci.yml", `on: push\npermissions:\n${text}jobs: {}\n`);

export const fixtures: Fixtures = {
  pass: [
    example("a reason behind the right", inFile("  packages: write # pushes the image\n")),
    example("a reason above it", inFile("  contents: read\n  # The image is pushed.\n  packages: write\n")),
    example("a reason for all of them", commented(workflow, { "jobs.build.permissions": "signs in by OIDC" })),
    example("what every job needs", commented(workflowOf({ build: { permissions: { contents: "read" } } }), {})),
    example("no right", commented(workflowOf({ build: { permissions: { contents: "none" } } }), {})),
    example("where no comment can be", workflow),
  ],
  fail: [
    broken("a right alone", "content.permissions.packages", inFile("  packages: write\n")),
    broken(
      "everything to read",
      ["permissions", "jobs.build.permissions"],
      workflowOf({ build: { permissions: "read-all" } }, { permissions: "read-all" }),
    ),
    broken("a right of a job", RIGHT, bare),
    broken("a reason for another", RIGHT, commented(workflow, { "jobs.build.permissions.contents": "checks out" })),
  ],
  malformed: [
    malformed("rights that are a text", "pass", commented(workflowOf({ build: { permissions: "all" } }), {})),
    malformed(
      "a right that is a number",
      "pass",
      commented(workflowOf({ build: { permissions: { contents: 1 } } }), {}),
    ),
  ],
  wrongKind: [noWorkload(bare)],
};
