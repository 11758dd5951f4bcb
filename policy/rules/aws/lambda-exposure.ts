import { levels } from "../../core/level";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov, foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";

const addresses = objects("addresses of Lambda functions", "the address", ["aws:lambda/functionUrl:FunctionUrl"]);
const permissions = objects("permissions to call Lambda functions", "the permission", [
  "aws:lambda/permission:Permission",
]);

export const lambdaExposure = defineRule({
  id: "lambda-exposure",
  title: "Functions can be called only by those who are named",
  severity: "critical",
  standards: [...foundationalSecurity("Lambda.1"), ...checkov("CKV_AWS_258", "CKV_AWS_301", "CKV_AWS_364")],
  levels: levels("mandatory", "mandatory"),
  model: anyOf("addresses and permissions of Lambda functions", addresses, permissions),
  why: "Anybody can call such a function, or have a service of AWS call it from an account of their own.",
  remediation: 'Set authorizationType to "AWS_IAM", and name in a permission the sourceArn that may call.',
  *check(part) {
    const [authorization, principal] = [part.at("authorizationType"), part.at("principal")];
    yield part.fails("can be called without credentials", authorization, () => authorization.read() === "NONE");
    yield part.fails("lets everybody call, or a service for everybody", principal, () => {
      const name = principal.text() ?? "";
      if (name !== "*" && !/\.amazonaws\.com(\.cn)?$/.test(name)) return false;
      return !["sourceArn", "sourceAccount", "principalOrgId"].some((field) => part.at(field).present());
    });
  },
});
