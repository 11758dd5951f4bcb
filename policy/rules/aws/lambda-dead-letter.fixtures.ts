import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const lambda = of("aws:lambda/function:Function");
const shop = lambda({ name: "shop" });
const permission = (principal: unknown, name: unknown = "shop") =>
  of("aws:lambda/permission:Permission")({ principal, function: name });
const config = (destination: unknown, functionName = "shop") =>
  of("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")({
    functionName,
    destinationConfig: { onFailure: { destination } },
  });
const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:shop:live";
const QUEUE = "arn:aws:sqs:eu-west-1:123456789012:lost";
const AT = "deadLetterConfig.targetArn";
const topic = permission("sns.amazonaws.com");

export const fixtures: Fixtures = {
  pass: [
    example("a queue for what is lost", lambda({ name: "shop", deadLetterConfig: { targetArn: QUEUE } }), topic),
    example("a destination for what fails", shop, topic, config(QUEUE)),
    example("a function that is waited for", shop, permission("apigateway.amazonaws.com")),
    example("a function that nobody calls", shop),
    example("another one's topic", shop, permission("sns.amazonaws.com", "till")),
  ],
  fail: [
    broken("a topic that nobody catches", AT, shop, topic),
    broken("a bucket, by its ARN", AT, shop, permission("s3.amazonaws.com", ARN)),
    broken("a destination of another one", AT, shop, topic, config(QUEUE, "till")),
    broken("a destination of nothing", AT, shop, topic, config(undefined)),
  ],
  malformed: [
    malformed("a principal that is a number", "pass", shop, permission(1)),
    malformed("a configuration that is a text", "fail", lambda({ name: "shop", deadLetterConfig: QUEUE }), topic),
  ],
  wrongKind: [example("an alias", of("aws:lambda/alias:Alias")({ name: "shop" }), topic)],
};
