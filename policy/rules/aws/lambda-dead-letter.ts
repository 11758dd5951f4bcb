import { findOf } from "../../core/cursor";
import { levels } from "../../core/level";
import type { Part } from "../../core/part";
import { defineStackRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { lambdaFunctions } from "../../model/lambda";
import { objects } from "../../model/object";

const permissions = objects("who may call functions", "the permission", ["aws:lambda/permission:Permission"]);
const invocations = objects("how functions are called without waiting", "the configuration", [
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
]);

/** Services that call without waiting for an answer. Source: AWS, "Invoking Lambda with events from other services". */
const ASYNCHRONOUS = [
  "cloudformation.amazonaws.com",
  "codecommit.amazonaws.com",
  "config.amazonaws.com",
  "events.amazonaws.com",
  "iot.amazonaws.com",
  "logs.amazonaws.com",
  "s3.amazonaws.com",
  "ses.amazonaws.com",
  "sns.amazonaws.com",
];

export const lambdaDeadLetter = defineStackRule({
  id: "lambda-dead-letter",
  title: "Events that a function fails at are kept",
  severity: "medium",
  standards: checkov("CKV_AWS_116"),
  levels: levels("advisory", "mandatory"),
  why: "Nobody waits for the answer: after two more attempts the event is gone without a word.",
  remediation:
    "Set deadLetterConfig.targetArn to a queue or topic, or give the function a FunctionEventInvokeConfig with destinationConfig.onFailure.",
  *check(stack) {
    for (const lambda of stack.of(lambdaFunctions)) {
      const target = lambda.at("deadLetterConfig.targetArn");
      const isCalled = (permission: Part) =>
        ASYNCHRONOUS.includes(permission.at("principal").text() ?? "") &&
        isOf(permission.at("function").text(), lambda);
      const isKept = (config: Part) =>
        config.at("destinationConfig.onFailure.destination").present() &&
        isOf(config.at("functionName").text(), lambda);
      yield lambda.fails(
        "loses events that it fails at",
        target,
        () =>
          !target.present() &&
          findOf(stack.of(permissions), isCalled) !== undefined &&
          findOf(stack.of(invocations), isKept) === undefined,
      );
    }
  },
});

/** Whether a text names the function, by its name or an ARN, with a qualifier or none. @throws UnknownValue */
function isOf(text: string | undefined, lambda: Part): boolean {
  const name = text?.startsWith("arn:") ? text.split(":")[6] : text?.split(":")[0];
  return name !== undefined && lambda.at("name").read() === name;
}
