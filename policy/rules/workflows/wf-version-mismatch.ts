import { z } from "zod";
import { findOf } from "../../core/cursor";
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
    const users = stack.of(workflow).flatMap((model) => usersIn(model).map((part) => ({ model, part })));
    for (const { model, part } of users) {
      yield part.fails("names another commit than is known for this version", part.at("uses"), () => {
        const pin = pinOf(model, part);
        const known = pin && pins[pin.repository]?.[pin.version];
        return pin !== undefined && known !== undefined && known !== pin.commit;
      });
      yield part.fails("names another commit for this version than another step does", part.at("uses"), () => {
        const pin = pinOf(model, part);
        if (pin === undefined || pins[pin.repository]?.[pin.version] !== undefined) return false;
        const others = users.filter((other) => other.part !== part);
        return (
          findOf(others, (other) => {
            const { repository, version, commit } = pinOf(other.model, other.part) ?? pin;
            return repository === pin.repository && version === pin.version && commit !== pin.commit;
          }) !== undefined
        );
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
