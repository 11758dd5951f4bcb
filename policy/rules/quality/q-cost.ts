import { z } from "zod";
import { Cursor } from "../../core/cursor";
import { levels } from "../../core/level";
import { Part } from "../../core/part";
import type { Resource } from "../../core/resource";
import { defineStackRule, type Stack } from "../../core/rule";
import { costsOf, isAbove } from "../../model/cost";
import { objects } from "../../model/object";

const price = z.number().min(0);
const options = z.strictObject({
  mostPerMonth: price.optional().describe("the most that the stack may cost in a month, in the currency of prices"),
  prices: z
    .strictObject({ core: price.default(29.55), gibibyte: price.default(3.25) })
    .default({ core: 29.55, gibibyte: 3.25 })
    .describe("what a core and a GiB of memory cost in a month: those of AWS Fargate in us-east-1, in USD"),
  budgetElsewhere: z.boolean().default(false).describe("whether another stack keeps a budget for the account"),
});

const awsBudgets = objects("budgets of AWS", "the budget", ["aws:budgets/budget:Budget"]);
const googleBudgets = objects("budgets of Google Cloud", "the budget", ["gcp:billing/budget:Budget"]);
/** What costs all the time, or as often as it is asked. */
const inAws = objects("what costs in AWS", "it", [
  "aws:ecs/service:Service",
  "aws:lambda/function:Function",
  "aws:ec2/instance:Instance",
  "aws:eks/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
]);
const inGoogle = objects("what costs in Google Cloud", "it", [
  "gcp:cloudrunv2/service:Service",
  "gcp:cloudrun/service:Service",
  "gcp:cloudfunctionsv2/function:Function",
  "gcp:compute/instance:Instance",
  "gcp:container/cluster:Cluster",
  "gcp:sql/databaseInstance:DatabaseInstance",
]);

export const qCost = defineStackRule({
  id: "q-cost",
  title: "A stack costs no more than its budget, and a budget warns",
  severity: "medium",
  standards: [
    { name: "FinOps Framework", section: "Budgeting" },
    { name: "AWS Well-Architected Framework", section: "COST02-BP02 Implement goals and targets" },
  ],
  levels: levels("advisory", "mandatory"),
  options,
  why: "What nobody counts before it runs is counted on the bill, a month later.",
  remediation:
    "Ask for less, or raise mostPerMonth by a reviewed change. Give the account a Budget with notifications that reach somebody, or say in budgetElsewhere that another stack keeps it.",
  *check(stack, { mostPerMonth, prices, budgetElsewhere }) {
    const whole = wholeOf(stack);
    if (mostPerMonth !== undefined) {
      yield whole.fails("costs more than its budget", whole.cursor, () =>
        isAbove(costsOf(stack, prices), mostPerMonth),
      );
    }
    const [ofAws, ofGoogle] = [stack.of(awsBudgets), stack.of(googleBudgets)];
    if (!budgetElsewhere) {
      const lacks = (spends: readonly Part[], budgets: readonly Part[]) => spends.length > 0 && budgets.length === 0;
      yield whole.fails("spends in AWS without a budget", whole.cursor, () => lacks(stack.of(inAws), ofAws));
      yield whole.fails("spends in Google Cloud without a budget", whole.cursor, () =>
        lacks(stack.of(inGoogle), ofGoogle),
      );
    }
    for (const budget of ofAws) {
      const told = budget.at("notifications");
      yield budget.fails(
        "warns nobody",
        told,
        () =>
          !told.some(
            (each) => each.at("subscriberEmailAddresses").hasItems() || each.at("subscriberSnsTopicArns").hasItems(),
          ),
      );
    }
    for (const budget of ofGoogle) {
      const told = budget.at("allUpdatesRule");
      const thresholds = budget.at("thresholdRules");
      yield budget.fails("has no threshold to warn at", thresholds, () => !thresholds.hasItems());
      // Unless it is told otherwise, whoever administers the account's bills gets a mail.
      yield budget.fails(
        "warns nobody",
        told,
        () =>
          told.at("disableDefaultIamRecipients").read() === true &&
          told.at("enableProjectLevelRecipients").read() !== true &&
          !told.at("pubsubTopic").present() &&
          !told.at("monitoringNotificationChannels").hasItems(),
      );
    }
  },
});

/** The stack itself, as the engine has it, or as nothing but a name. */
function wholeOf({ resources }: Stack): Part {
  const type = "pulumi:pulumi:Stack";
  const resource: Resource = resources.find((each) => each.type === type) ?? {
    type,
    name: "the stack",
    properties: {},
  };
  return new Part(Cursor.of({ resource, partial: false }, {}), "the stack");
}
