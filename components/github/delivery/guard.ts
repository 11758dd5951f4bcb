import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import { teamId } from "./access";
import type { DeliveryContext } from "./context";
import type { PlannedBypass } from "./ruleset";

/** Guards the branches, after everything that is written to them. */
export function createRuleset(
  { name, component: parent, plan, repository }: DeliveryContext,
  after: readonly pulumi.Resource[],
): github.RepositoryRuleset {
  const { ruleset } = plan;
  return new github.RepositoryRuleset(
    `${name}-ruleset`,
    {
      repository,
      name: ruleset.name,
      target: "branch",
      enforcement: "active",
      conditions: { refName: { includes: [...ruleset.refs], excludes: [] } },
      ...(ruleset.bypass !== undefined && { bypassActors: [actorOf(ruleset.bypass, parent)] }),
      rules: {
        deletion: true,
        nonFastForward: true,
        ...(ruleset.linear && { requiredLinearHistory: true }),
        ...(ruleset.signedCommits && { requiredSignatures: true }),
        pullRequest: {
          requiredApprovingReviewCount: ruleset.reviews,
          dismissStaleReviewsOnPush: true,
          requireLastPushApproval: ruleset.reviews > 0,
          requiredReviewThreadResolution: true,
          ...(ruleset.linear && { allowedMergeMethods: ["squash", "rebase"] }),
        },
        requiredStatusChecks: {
          requiredChecks: ruleset.checks.map((check) => ({ ...check })),
          // A merge queue tests each change on top of the others itself.
          strictRequiredStatusChecksPolicy: !ruleset.mergeQueue,
        },
        ...(ruleset.mergeQueue && { mergeQueue: { mergeMethod: ruleset.linear ? "SQUASH" : "MERGE" } }),
      },
    },
    { parent, dependsOn: [...after] },
  );
}

function actorOf({ actorType, actorId, team }: PlannedBypass, parent: pulumi.Resource) {
  const id = team === undefined ? actorId : teamId(team, parent);
  return { actorType, ...(id !== undefined && { actorId: id }), bypassMode: "always" };
}
