import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { any, awsRights, type Condition, conditionsOf, each, isAllow } from "../../model/iam";

const ISSUER = "token.actions.githubusercontent.com";

/** Operators that ask for one of some texts. Those with IfExists, and ForAllValues, are met where there is none. */
const ASKING = /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/i;

/** A repository by its full name, and in it an environment, a ref or a workflow by at least a part of its name. */
const BOUND = /^repo:[^/*?:]+\/[^/*?:]+:(.*:)?(environment:[^*?]|ref:refs\/(heads|tags)\/[^*?]|job_workflow_ref:[^*?])/;

export const iamOidcTrust = defineRule({
  id: "iam-oidc-trust",
  title: "Roles trust workflows of GitHub by repository and environment",
  severity: "critical",
  standards: [...checkov("CKV_AWS_358"), { name: "OpenSSF", section: "OIDC trust of workflows" }],
  levels: levels("mandatory", "mandatory"),
  model: awsRights,
  why: "Every workflow on GitHub gets a token of the same issuer: without its subject, strangers take the role.",
  remediation:
    'Ask with StringEquals for aud "sts.amazonaws.com" and for sub "repo:owner/name:environment:production".',
  *check({ trusted }) {
    for (const statement of trusted) {
      const condition = statement.at("Condition");
      yield statement.fails(
        "trusts tokens of GitHub for any audience",
        condition,
        () => trustsGitHub(statement) && !asks(statement, "aud", (text) => !/[*?]/.test(text)),
      );
      yield statement.fails(
        "trusts workflows of GitHub that it does not name",
        condition,
        () => trustsGitHub(statement) && !asks(statement, "sub", (text) => BOUND.test(text)),
      );
    }
  },
});

/** The conditions tell, too, where the provider's ARN is not known yet. */
function trustsGitHub(statement: Part): boolean {
  if (!isAllow(statement)) return false;
  return (
    conditionsOf(statement).some(({ key }) => key.startsWith(`${ISSUER}:`)) ||
    any(statement.at("Principal.Federated"), (value) => value.text()?.endsWith(`/${ISSUER}`) === true)
  );
}

/** Whether a condition asks for a claim, and each of its values passes. */
function asks(statement: Part, claim: string, passes: (text: string) => boolean): boolean {
  const isAsked = ({ operator, key }: Condition) => key === `${ISSUER}:${claim}` && ASKING.test(operator);
  return conditionsOf(statement)
    .filter(isAsked)
    .some(({ values }) =>
      each(values).every((value) => {
        const text = value.text();
        return text !== undefined && text !== "" && passes(text);
      }),
    );
}
