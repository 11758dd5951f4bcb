import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { judge } from "../../policy/core/judge";
import type { Resource } from "../../policy/core/resource";
import type { Rule } from "../../policy/core/rule";
import { parseSettings } from "../../policy/core/settings";
import { RULES } from "../../policy/rules";
import { KINDS, lift } from "../../policy/testing/lift";
import { mustExec } from "../../toolchain/exec";
import { findGo, goEnv } from "../../toolchain/go";

// The test data of Kubernetes' own admission plugin; its licence stays where it is, and so does the data.
const MODULE = "k8s.io/pod-security-admission@v0.37.2";
const VERSION = "v1.37";
type Profile = "baseline" | "restricted";

async function corpusFolder(): Promise<string> {
  const go = await findGo();
  if (go === undefined) throw new Error(`${MODULE} is fetched with Go, and there is none. Install Go.`);
  const { stdout } = await mustExec(go.command, ["mod", "download", "-json", MODULE], { env: goEnv });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  return join(Dir, "test", "testdata");
}

/** Pods that a profile must refuse or let pass, with the control that is the file's name. */
function pods(
  folder: string,
  profile: Profile,
  verdict: "pass" | "fail",
): { file: string; control: string; pod: Resource }[] {
  const from = join(folder, profile, VERSION, verdict);
  return readdirSync(from).map((file) => {
    const properties = parse(readFileSync(join(from, file), "utf8")) as object;
    const control = file.replace(/\d*\.yaml$/, "");
    return {
      file: `${profile}/${verdict}/${file}`,
      control,
      pod: { type: "kubernetes:core/v1:Pod", name: "pod", properties },
    };
  });
}

/** Rules of a profile; "restricted" has all of "baseline". */
function rulesOf(profile: Profile): Rule[] {
  const names = [profile, "baseline"].map((name) => `Pod Security Standards, ${name}`);
  return RULES.filter(({ standards }) => standards.some(({ name }) => names.includes(name)));
}

function findingsOf(pod: Resource, profile: Profile) {
  const rules = rulesOf(profile);
  const withProfile = rules.filter(({ options }) => options?.safeParse({ profile }).success);
  const options = Object.fromEntries(withProfile.map(({ id }) => [id, { profile }]));
  return judge([pod], rules, parseSettings({ options }, rules));
}

/** Rules that name the control as what they come from. */
const rulesFor = (control: string) =>
  RULES.filter(({ standards }) =>
    standards.some(({ name, section }) => name.startsWith("Pod Security") && section.toLowerCase() === control),
  ).map(({ id }) => id);

const PROFILES: Profile[] = ["baseline", "restricted"];

describe("the Pod Security Standards' own test data", async () => {
  const folder = await corpusFolder();
  const of = (verdict: "pass" | "fail") =>
    PROFILES.flatMap((profile) => pods(folder, profile, verdict).map((each) => ({ ...each, profile })));
  const [bad, good] = [of("fail"), of("pass")];

  it("has the pods that were counted", () => {
    expect(PROFILES.map((profile) => bad.filter((each) => each.profile === profile).length)).toEqual([34, 76]);
    expect(good).toHaveLength(38);
  });

  it.each(Object.keys(KINDS))("as %s: each of 110 bad pods is found by the rule of its control", (kind) => {
    const missed = bad.filter(({ control, profile, pod }) => {
      const found = findingsOf(lift(pod, kind), profile).map(({ rule }) => rule);
      return !rulesFor(control).some((rule) => found.includes(rule));
    });
    expect(missed.map(({ file }) => file)).toEqual([]);
  });

  it.each(Object.keys(KINDS))("as %s: none of 38 good pods is flagged", (kind) => {
    const flagged = good.flatMap(({ file, profile, pod }) =>
      findingsOf(lift(pod, kind), profile).map(({ rule, path }) => `${file}: ${rule} at ${path}`),
    );
    expect(flagged).toEqual([]);
  });
});
