import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { any, awsRights, isAllow, isOnEverything } from "../../model/iam";

/** All actions, or all of one service. */
const ALL_ACTIONS = /^(\*+|[\w*-]+:\*+)$/;
const ADMINISTRATOR = /^arn:[^:]+:iam::aws:policy\/AdministratorAccess$/;

export const iamAdmin = defineRule({
  id: "iam-admin",
  title: "No role or policy gives every right",
  severity: "critical",
  standards: [
    ...foundationalSecurity("IAM.1", "IAM.21"),
    ...checkov("CKV_AWS_60", "CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_355"),
  ],
  levels: levels("mandatory", "mandatory"),
  model: awsRights,
  why: "Who gets hold of one program then has the account, or all of a service in it.",
  remediation: "List the actions that are needed, the ARNs that they are needed on, and who may take the role.",
  *check({ granted, trusted, attached }) {
    for (const statement of granted) {
      const [action, others] = [statement.at("Action"), statement.at("NotAction")];
      yield statement.fails(
        "allows every action of a service on everything",
        action,
        () =>
          isAllow(statement) &&
          any(action, (value) => ALL_ACTIONS.test(value.text() ?? "")) &&
          isOnEverything(statement),
      );
      yield statement.fails(
        "allows all actions but those it names",
        others,
        () => isAllow(statement) && others.present(),
      );
    }
    for (const statement of trusted) {
      const [principal, others] = [statement.at("Principal"), statement.at("NotPrincipal")];
      yield statement.fails("trusts all but those it names", others, () => isAllow(statement) && others.present());
      yield statement.fails("trusts everybody", principal, () => {
        const everybody = principal.read() === "*" || any(principal.at("AWS"), (value) => value.read() === "*");
        return everybody && isAllow(statement) && !statement.at("Condition").present();
      });
    }
    for (const arn of attached) {
      yield arn.fails("makes an administrator", arn.cursor, () => ADMINISTRATOR.test(arn.cursor.text() ?? ""));
    }
  },
});
