/** How bad a finding is. */
export const Severity = { low: "low", medium: "medium", high: "high", critical: "critical" } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** Languages that CodeQL reads. */
export const CodeqlLanguage = {
  actions: "actions",
  cCpp: "c-cpp",
  csharp: "csharp",
  go: "go",
  javaKotlin: "java-kotlin",
  javascriptTypescript: "javascript-typescript",
  python: "python",
  ruby: "ruby",
  rust: "rust",
  swift: "swift",
} as const;
export type CodeqlLanguage = (typeof CodeqlLanguage)[keyof typeof CodeqlLanguage];

/** Programs that look for known holes in what the project depends on. */
export const Auditor = { npmAudit: "npm-audit", pipAudit: "pip-audit" } as const;
export type Auditor = (typeof Auditor)[keyof typeof Auditor];

/** Trivy looks for known holes, wrong settings and secrets. */
export interface Trivy {
  /** Look at the repository. Defaults to true. */
  files?: boolean;
  /** Look at the images. Defaults to true. */
  images?: boolean;
  /** Look at Dockerfiles, Kubernetes files and the like. Defaults to true. */
  configuration?: boolean;
  /** Findings this bad or worse fail the pipeline. Defaults to "high". */
  threshold?: Severity;
}

/** CodeQL looks for holes in the sources. */
export interface Codeql {
  languages: CodeqlLanguage[];
}

/** Snyk looks for known holes in dependencies. */
export interface Snyk {
  /** Findings this bad or worse fail the pipeline. Defaults to "high". */
  threshold?: Severity;
  /** Name of the secret that holds its token. Defaults to "SNYK_TOKEN". */
  tokenSecret?: string;
}

/** Scans, on every change and on a schedule. */
export interface Security {
  trivy?: Trivy;
  codeql?: Codeql;
  snyk?: Snyk;
  /** Bandit looks for holes in Python. Defaults to false. */
  bandit?: boolean;
  /** Defaults to none. */
  audit?: Auditor[];
  /** Gitleaks looks for secrets in the history. Defaults to true. */
  gitleaks?: boolean;
  /** Refuse pull requests that bring dependencies with known holes. GitHub only. Defaults to true. */
  dependencyReview?: boolean;
  /** Zizmor looks for holes in the workflows themselves. GitHub only. Defaults to true. */
  workflows?: boolean;
  /** When everything is scanned again, as five fields of cron, in UTC. Defaults to once a week at a time of its own. */
  schedule?: string;
}
