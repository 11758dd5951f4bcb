import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const permission = (properties: Record<string, unknown>) =>
  resource("aws:lambda/permission:Permission", { action: "lambda:InvokeFunction", function: "shop", ...properties });
const address = (authorizationType: unknown) =>
  resource("aws:lambda/functionUrl:FunctionUrl", { functionName: "shop", authorizationType });

export const fixtures: Fixtures = {
  pass: [
    example("an address for known callers", address("AWS_IAM")),
    example(
      "one rule of a service",
      permission({ principal: "events.amazonaws.com", sourceArn: "arn:aws:events:eu-west-1:1:rule/shop" }),
    ),
    example("a service for one account", permission({ principal: "s3.amazonaws.com", sourceAccount: "123456789012" })),
    example("an account", permission({ principal: "123456789012" })),
    example("the organisation", permission({ principal: "*", principalOrgId: "o-1" })),
  ],
  fail: [
    broken("an address for everybody", "authorizationType", address("NONE")),
    broken("everybody", "principal", permission({ principal: "*" })),
    broken("a service for everybody", "principal", permission({ principal: "events.amazonaws.com" })),
    broken("a service in China", "principal", permission({ principal: "s3.amazonaws.com.cn" })),
  ],
  malformed: [
    malformed("a number", "pass", permission({ principal: 1 })),
    malformed("a source that is null", "fail", permission({ principal: "*", sourceArn: null })),
  ],
  wrongKind: [example("a function", resource("aws:lambda/function:Function", { principal: "*" }))],
};
