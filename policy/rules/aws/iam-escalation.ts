import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { allowsAction, any, awsRights, conditionsOf, isAllow } from "../../model/iam";

/** Actions that change what somebody may do, whoever may call them on any name. */
const TAKING_RIGHTS = [
  "iam:AddUserToGroup",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreatePolicyVersion",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
  "iam:SetDefaultPolicyVersion",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateLoginProfile",
];

/** Conditions that keep such an action within bounds. */
const BOUNDED: Readonly<Record<string, readonly string[]>> = {
  "iam:permissionsboundary": ["iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy"],
  "iam:policyarn": ["iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"],
};

/** Everything, or every role, user, group or policy of an account. */
const EVERY_NAME = /^(arn:[^:]*:iam::[^:]*:)?(\*+|(role|user|group|policy)\/\*+)$|^(arn:)?[*:]+$/;

/** Pairs such as PassRole with CreateFunction need the first on any role: with one role named they are a deployment. */
export const iamEscalation = defineRule({
  id: "iam-escalation",
  title: "No policy lets its owner take more rights",
  severity: "critical",
  standards: checkov("CKV_AWS_286", "CKV_AWS_289"),
  levels: levels("advisory", "mandatory"),
  model: awsRights,
  why: "Who may pass any role, or change any policy, has every right of the account in one more step.",
  remediation:
    "Name the one role that may be passed, with the condition iam:PassedToService, and the roles and policies that may be changed.",
  *check({ granted }) {
    for (const statement of granted) {
      const action = statement.at("Action");
      yield statement.fails(
        "allows passing every role",
        action,
        () => isAllow(statement) && allowsAction(statement, "iam:PassRole") && isOnEveryName(statement),
      );
      yield statement.fails(
        "allows taking any right",
        action,
        () =>
          isAllow(statement) &&
          TAKING_RIGHTS.some((taking) => allowsAction(statement, taking)) &&
          isOnEveryName(statement) &&
          !isBounded(statement),
      );
    }
  },
});

const isOnEveryName = (statement: Part): boolean =>
  statement.at("NotResource").present() ||
  any(statement.at("Resource"), (value) => EVERY_NAME.test(value.text() ?? ""));

/** Whether conditions bound all of the actions that take rights. */
function isBounded(statement: Part): boolean {
  const bounded = conditionsOf(statement).flatMap(({ key }) => BOUNDED[key] ?? []);
  return TAKING_RIGHTS.every((taking) => bounded.includes(taking) || !allowsAction(statement, taking));
}
