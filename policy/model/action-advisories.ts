/** A range of an action's versions that an advisory names. */
interface Advisory {
  /** In lower case. */
  repository: string;
  /** What a finding says: fixed texts, one for each advisory. */
  finding: string;
  /** The first version that has it, and the first after that has not: "from" ≤ version < "fixed". */
  from: string;
  fixed: string;
  /** Commits that were put there by an attacker. */
  commits: readonly string[];
}

/**
 * Advisories on actions of others. Source: the GitHub Advisory Database (github.com/advisories/<id>), as of September
 * 2026; the ranges are the database's, in its form.
 */
export const ADVISORIES = [
  {
    repository: "tj-actions/changed-files",
    finding: "uses a version that stole secrets: GHSA-mrrh-fwg8-r2c3, CVE-2025-30066",
    from: "0",
    fixed: "46.0.1",
    commits: ["0e58ed8671d6b60d0890c21b07f8835ace038e67"],
  },
  {
    repository: "tj-actions/changed-files",
    finding: "uses a version that runs names of files: GHSA-mcph-m25j-8j63, CVE-2023-51664",
    from: "0",
    fixed: "41",
    commits: [],
  },
  {
    repository: "tj-actions/branch-names",
    finding: "uses a version that runs names of branches: GHSA-8v8w-v8xg-79rf, CVE-2023-49291",
    from: "0",
    fixed: "7.0.7",
    commits: [],
  },
  {
    // Only tags were moved, for two hours on 11 March 2025: the commit is what is left of it.
    repository: "reviewdog/action-setup",
    finding: "uses a commit that stole secrets: GHSA-qmg3-hpqr-gqvc, CVE-2025-30154",
    from: "0",
    fixed: "0",
    commits: ["f0d342d24037bb11d26b9bd8496e0808ba32e9ec"],
  },
  {
    repository: "aquasecurity/trivy-action",
    finding: "uses a version whose tag stole secrets: GHSA-69fq-xp46-6x23, CVE-2026-33634",
    from: "0",
    fixed: "0.35.0",
    commits: ["19851bef764b57ff95b35e66589f31949eeb229d"],
  },
  {
    repository: "aquasecurity/trivy-action",
    finding: "uses a version that runs its inputs: GHSA-9p44-j4g5-cfx5, CVE-2026-26189",
    from: "0.31.0",
    fixed: "0.34.0",
    commits: [],
  },
  {
    repository: "aquasecurity/setup-trivy",
    finding: "uses a version whose tag stole secrets: GHSA-69fq-xp46-6x23, CVE-2026-33634",
    from: "0",
    fixed: "0.2.6",
    commits: ["e6c2c5e321ed9123bda567646e2f96565e34abe1"],
  },
  {
    repository: "actions/download-artifact",
    finding: "uses a version that writes outside of its folder: GHSA-cxww-7g56-2vh6, CVE-2024-42471",
    from: "4.0.0",
    fixed: "4.1.3",
    commits: [],
  },
  {
    repository: "github/codeql-action",
    finding: "uses a version that puts a token into an artifact: GHSA-vqf5-2xx6-9wfm, CVE-2025-24362",
    from: "3.26.11",
    fixed: "3.28.3",
    commits: [],
  },
  {
    repository: "github/codeql-action",
    finding: "uses a version that puts a token into an artifact: GHSA-vqf5-2xx6-9wfm, CVE-2025-24362",
    from: "2.26.11",
    fixed: "3.0.0",
    commits: [],
  },
] as const satisfies readonly Advisory[];

/**
 * Whether all that a version can stand for is in the range. `v45` moves on with its releases: it is only when every
 * one of them is.
 */
export function affects({ from, fixed }: Pick<Advisory, "from" | "fixed">, version: string): boolean {
  const said = numbersOf(version);
  const [least, most] = [0, Number.POSITIVE_INFINITY].map((open) => [0, 1, 2].map((index) => said[index] ?? open));
  return !isLess(least ?? [], numbersOf(from)) && isLess(most ?? [], numbersOf(fixed));
}

/** `v1.2.3-rc.1` as 1, 2, 3: an advisory's bound is a release. */
const numbersOf = (version: string): number[] =>
  version
    .replace(/^v/, "")
    .replace(/[-+].*$/, "")
    .split(".")
    .map(Number);

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const index of [0, 1, 2]) {
    const [left, right] = [a[index] ?? 0, b[index] ?? 0];
    if (left !== right) return left < right;
  }
  return false;
}
