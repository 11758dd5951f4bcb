/** Where a rule comes from: a published text in one version of it. */
export interface Standard {
  /** Name of the text: "CIS Kubernetes Benchmark". */
  name: string;
  /** Version of the text that the section belongs to. Absent where the text has none. */
  version?: string;
  /** The section, control or check: "5.2.2". */
  section: string;
}

/** A control of the Pod Security Standards, by the check's name in k8s.io/pod-security-admission. */
export const podSecurity = (profile: "baseline" | "restricted", control: string): Standard => ({
  name: `Pod Security Standards, ${profile}`,
  version: "1.37",
  section: control,
});

const of =
  (name: string, version?: string) =>
  (...sections: string[]): Standard[] =>
    sections.map((section) => ({ name, ...(version !== undefined && { version }), section }));

export const cisKubernetes = of("CIS Kubernetes Benchmark", "1.10");
export const cisGke = of("CIS Google Kubernetes Engine Benchmark", "1.9.0");
export const cisDocker = of("CIS Docker Benchmark", "1.6");
/** Controls of AWS Security Hub's Foundational Security Best Practices, which is published without a version. */
export const foundationalSecurity = of("AWS Foundational Security Best Practices");
/** The guide of the Center for Internet Security for repositories, builds and what they make. */
export const cisSupplyChain = of("CIS Software Supply Chain Security Guide", "1.0");
export const checkov = of("Checkov");
export const kyverno = of("Kyverno policies");
export const scorecard = of("OpenSSF Scorecard");
export const slsa = of("SLSA", "1.0");
export const nsaHardening = of("NSA/CISA Kubernetes Hardening Guide", "1.2");
export const owaspKubernetes = of("OWASP Kubernetes Top Ten", "2025");
export const cwe = of("CWE");
export const kubeLinter = of("kube-linter");
export const kubeScore = of("kube-score");
/** Audits of zizmor, by their names. */
export const zizmor = of("zizmor");
/** GitHub's own reference of what a workflow may say, by the name of the setting. */
export const workflowSyntax = of("GitHub Actions, workflow syntax");
