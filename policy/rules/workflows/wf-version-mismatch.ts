import { z } from "zod";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { zizmor } from "../../core/standard";
import { isCommit, repositoryOf, useOf, usersIn, versionUsed, type Workflow, workflow } from "../../model/workflow";

const options = z.strictObject({
  pins: z
    .record(z.string().toLowerCase(), z.record(z.string(), z.string().regex(/^[0-9a-f]{40}$/)))
    .default({})
    .describe("commits that are known: by the action's repository, then by its version in full"),
});

/** Versions that stand for one release. `v4` moves on with every release. */
const FULL = /^v?\d+\.\d+\.\d+/;

export const wfVersionMismatch = defineStackRule({
  id: "wf-version-mismatch",
  title: "A commit is that of the version behind it",
  severity: "medium",
  standards: zizmor("ref-version-mismatch"),
  levels: levels("advisory", "mandatory"),
  options,
  why: "Reviewers read the version, the runner takes the commit. When the two differ, something else runs than was reviewed.",
  remediation: "Look up which commit the version's tag names, and name that commit everywhere.",
  *check(stack, { pins }) {
    const users = stack
      .of(workflow)
      .flatMap((model) =>
        usersIn(model).map((part) => ({ part, pin: part.at("uses").unknown ? undefined : pinOf(model, part) })),
      );
    const named = Map.groupBy(
      users.flatMap(({ pin }) => pin ?? []),
      ({ repository, version }) => `${repository} ${version}`,
    );
    for (const { part, pin } of users) {
      const at = part.at("uses");
      const known = pin && pins[pin.repository]?.[pin.version];
      yield part.fails(
        "names another commit than is known for this version",
        at,
        () => at.present() && pin !== undefined && known !== undefined && known !== pin.commit,
      );
      yield part.fails("names another commit for this version than another step does", at, () => {
        if (!at.present() || pin === undefined || known !== undefined) return false;
        return named.get(`${pin.repository} ${pin.version}`)?.some(({ commit }) => commit !== pin.commit) === true;
      });
    }
  },
});

/** A commit with its version in full behind it. */
function pinOf(model: Workflow, part: Part) {
  const use = useOf(part);
  if (use === undefined || !isCommit(use.ref)) return undefined;
  const version = versionUsed(model, part, use);
  if (version === undefined || !FULL.test(version)) return undefined;
  return { repository: repositoryOf(use), version, commit: use.ref };
}
