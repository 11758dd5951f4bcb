import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { lambdaFunctions } from "../../model/lambda";

export const lambdaConcurrency = defineRule({
  id: "lambda-concurrency",
  title: "Functions have a limit of concurrent calls",
  severity: "low",
  standards: checkov("CKV_AWS_115"),
  levels: levels("advisory", "advisory"),
  model: lambdaFunctions,
  why: "One function that is called too often takes the calls of every other function of the account.",
  remediation: "Set reservedConcurrentExecutions to the most that the function and what lies behind it can take.",
  *check(lambda) {
    const most = lambda.at("reservedConcurrentExecutions");
    yield lambda.fails("has no limit of concurrent calls", most, () => {
      const value = most.read();
      return !(typeof value === "number" && value >= 0);
    });
  },
});
