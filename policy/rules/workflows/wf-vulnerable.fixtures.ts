import {
  broken,
  commented,
  example,
  type Fixtures,
  inRepository,
  malformed,
  noWorkload,
  stepsOf,
} from "../../testing/fixtures";

const USES = "jobs.build.steps[0].uses";
const step = (uses: string) => stepsOf([{ uses }]);
const pinned = (name: string, version: string) => commented(step(`${name}@${"a".repeat(40)}`), { [USES]: version });
const trivy = step("aquasecurity/trivy-action@0.30.0");

export const fixtures: Fixtures = {
  pass: [
    example("a version with the fix", step("aquasecurity/trivy-action@v0.36.0")),
    example("the first with the fix", step("tj-actions/changed-files@v46.0.1")),
    example("a commit of a version with the fix", pinned("tj-actions/changed-files", "v47.0.0")),
    example("a version that may have it", step("tj-actions/changed-files@v46"), step("actions/download-artifact@v4")),
    example(
      "before the fault came",
      step("actions/download-artifact@v3.0.2"),
      step("github/codeql-action/init@v3.26.10"),
    ),
    example("a commit that says nothing", pinned("tj-actions/changed-files", "")),
    example("a branch", step("aquasecurity/trivy-action@master")),
    example("another action of the owner", step("aquasecurity/tfsec-action@v0.1.0")),
    example("the tag that was moved back", step("reviewdog/action-setup@v1")),
  ],
  fail: [
    broken("a version that an advisory names", USES, trivy),
    broken("the last before the fix", USES, step("tj-actions/changed-files@v46.0.0")),
    broken("a version that stands for such only", USES, step("tj-actions/changed-files@v45")),
    broken("two advisories", [USES, USES], step("tj-actions/changed-files@v40")),
    broken("a commit of such a version", USES, pinned("github/codeql-action/init", "v3.28.2")),
    broken("the first that has it", USES, step("actions/download-artifact@v4.1.2")),
    broken("the commit itself", USES, step("reviewdog/action-setup@f0d342d24037bb11d26b9bd8496e0808ba32e9ec")),
    broken("an older line of versions", USES, step("github/codeql-action/init@v2.26.11")),
    broken("in a repository's file", `content.${USES}`, inRepository(trivy)),
  ],
  malformed: [
    malformed("a number", "pass", stepsOf([{ uses: 1 }])),
    malformed("no version", "pass", step("tj-actions/changed-files")),
  ],
  wrongKind: [noWorkload(trivy)],
};
