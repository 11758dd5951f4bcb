import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { tokenOf } from "../../policy";
import { judge } from "../../policy/core/judge";
import type { Resource } from "../../policy/core/resource";
import type { Rule } from "../../policy/core/rule";
import { parseSettings } from "../../policy/core/settings";
import { RULES } from "../../policy/rules";

type Profile = "baseline" | "restricted";

/** Which of our rules answers for a policy of theirs, in which profile. */
interface Counterpart {
  rules: readonly string[];
  profile: Profile;
  /** What their policy is about, where our rule is about more: a piece of a finding's path. */
  field?: string;
}

const one = (rule: string, profile: Profile = "baseline", field = ""): Counterpart => ({
  rules: [rule],
  profile,
  field,
});

/** All rules of a profile of the Pod Security Standards, but for the ones a policy leaves out. */
function whole(profile: Profile, ...without: string[]): Counterpart {
  const names = [profile, "baseline"].map((name) => `Pod Security Standards, ${name}`);
  const rules = RULES.filter(({ standards }) => standards.some(({ name }) => names.includes(name)));
  return { rules: rules.map(({ id }) => id).filter((id) => !without.includes(id)), profile };
}

/** By policy, or by policy and rule where their tests label each rule of a policy on its own. */
const COUNTERPARTS: Readonly<Record<string, Counterpart>> = {
  "disallow-capabilities": one("k8s-capabilities"),
  "disallow-capabilities-strict": one("k8s-capabilities", "restricted"),
  "disallow-capabilities-strict/adding-capabilities-strict": one("k8s-capabilities", "restricted", "capabilities.add"),
  "disallow-capabilities-strict/require-drop-all": one("k8s-capabilities", "restricted", "capabilities.drop"),
  "disallow-host-namespaces": one("k8s-host-namespaces"),
  "disallow-host-path": one("k8s-host-path"),
  "disallow-host-ports": one("k8s-host-ports"),
  "disallow-host-ports-range": one("k8s-host-ports"),
  "disallow-host-process": one("k8s-kernel-surface-host-process"),
  "disallow-privilege-escalation": one("k8s-privilege-escalation", "restricted"),
  "disallow-privileged-containers": one("k8s-privileged"),
  "disallow-proc-mount": one("k8s-kernel-surface-proc-mount"),
  "disallow-selinux": one("k8s-kernel-surface-selinux"),
  "podsecurity-subrule-baseline": whole("baseline"),
  "require-run-as-non-root-user": one("k8s-run-as-non-root", "restricted", "runAsUser"),
  "require-run-as-nonroot": one("k8s-run-as-non-root", "restricted", "runAsNonRoot"),
  "restrict-apparmor-profiles": one("k8s-kernel-surface-apparmor"),
  "restrict-seccomp": one("k8s-seccomp"),
  "restrict-seccomp-strict": one("k8s-seccomp", "restricted"),
  "restrict-sysctls": one("k8s-kernel-surface-sysctls"),
  "restrict-volume-types": one("k8s-volume-types", "restricted"),
  "restricted-exclude-capabilities": whole("restricted", "k8s-capabilities"),
  "restricted-exclude-seccomp": whole("restricted", "k8s-seccomp"),
  "restricted-latest": whole("restricted"),
};

/** What Kyverno's own tests say of an object under a policy. */
interface Label {
  set: "command line" | "cluster";
  policy: string;
  rule?: string;
  resource: Resource;
  /** Whether the policy, or the rule, refuses it. */
  bad: boolean;
}

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

function objectsOf(file: string): Resource[] {
  return parseAllDocuments(readFileSync(file, "utf8"), { uniqueKeys: false }).flatMap((document) => {
    const properties = document.toJS() as KubernetesObject | null;
    if (properties === null) return [];
    const { apiVersion, kind, metadata } = properties;
    return [{ type: tokenOf(apiVersion, kind), name: metadata.name, properties }];
  });
}

interface TestFile {
  results: { kind: string; rule: string; resources: string[]; result: "pass" | "fail" }[];
}

/** The tests of Kyverno's command line: one list of objects, and what each of them gets. */
function commandLineLabels(policy: string, folder: string): Label[] {
  const objects = objectsOf(join(folder, "resource.yaml"));
  const { results } = parse(readFileSync(join(folder, "kyverno-test.yaml"), "utf8")) as TestFile;
  return results.flatMap(({ kind, rule, resources, result }) =>
    resources.map((name): Label => {
      const resource = objects.find((each) => each.name === name && each.type.endsWith(`:${kind}`));
      if (resource === undefined) throw new Error(`${policy}: no ${kind} ${name}`);
      return { set: "command line", policy, rule, resource, bad: result === "fail" };
    }),
  );
}

/** The tests in a cluster: files of objects that it takes, and of others that it refuses. */
function clusterLabels(policy: string, folder: string): Label[] {
  return globSync("{pod,podcontroller}-{bad,good}.yaml", { cwd: folder }).flatMap((file) =>
    objectsOf(join(folder, file)).map((resource): Label => {
      return { set: "cluster", policy, resource, bad: file.includes("-bad") };
    }),
  );
}

function pathsFound({ rules, profile, field = "" }: Counterpart, resource: Resource): string[] {
  const own: Rule[] = RULES.filter(({ id }) => rules.includes(id));
  const options = Object.fromEntries(
    own.filter((rule) => rule.options?.safeParse({ profile }).success).map(({ id }) => [id, { profile }]),
  );
  const findings = judge([resource], own, parseSettings({ options }, own));
  return findings.filter(({ path }) => path.includes(field)).map(({ rule, path }) => `${rule} at ${path}`);
}

/**
 * Compares our rules with what Kyverno's own tests of its pod-security policies say of each object.
 * @param checkout A checkout of github.com/kyverno/policies, which stays where it is.
 */
function main(checkout: string | undefined): void {
  const root = join(checkout ?? "", "pod-security");
  const folders = checkout === undefined ? [] : globSync("**/{.kyverno-test,.chainsaw-test}", { cwd: root }).sort();
  if (folders.length === 0) {
    console.error("usage: tsx bench/policy/kyverno.ts FOLDER, a checkout of https://github.com/kyverno/policies");
    process.exitCode = 2;
    return;
  }
  const labels = folders.flatMap((folder) => {
    const read = folder.endsWith(".kyverno-test") ? commandLineLabels : clusterLabels;
    return read(basename(dirname(folder)), join(root, folder));
  });
  const judged = labels.map((label) => {
    const counterpart = COUNTERPARTS[`${label.policy}/${label.rule}`] ?? COUNTERPARTS[label.policy];
    if (counterpart === undefined) throw new Error(`no rule is named for the policy ${label.policy}`);
    return { ...label, paths: pathsFound(counterpart, label.resource) };
  });
  for (const set of ["command line", "cluster"] as const) {
    const own = judged.filter((each) => each.set === set);
    const bad = own.filter((each) => each.bad);
    const found = bad.filter(({ paths }) => paths.length > 0).length;
    const flagged = own.filter((each) => !each.bad && each.paths.length > 0).length;
    console.log(
      `${set.padEnd(13)} found ${found} of ${bad.length} bad (${((100 * found) / bad.length).toFixed(1)} %), missed ${bad.length - found}, flagged ${flagged} of ${own.length - bad.length} good`,
    );
  }
  for (const { set, policy, resource, bad, paths } of judged) {
    if (bad === paths.length > 0) continue;
    console.log(`${bad ? "missed " : "flagged"} ${set} ${policy} ${resource.name} ${paths.join(", ")}`);
  }
}

main(process.argv[2]);
