import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf";
const secret = of("aws:secretsmanager/secret:Secret");
const rotation = of("aws:secretsmanager/secretRotation:SecretRotation");
const google = of("gcp:secretmanager/secret:Secret");
const monthly = { automaticallyAfterDays: 30 };
const DAYS = "rotationRules.automaticallyAfterDays";

export const fixtures: Fixtures = {
  pass: [
    example("each month", secret({ name: "shop", arn: ARN }), rotation({ secretId: ARN, rotationRules: monthly })),
    example(
      "by name and a rate, beside another",
      secret({ name: "shop", arn: ARN, recoveryWindowInDays: 7 }),
      rotation({ secretId: "other", rotationRules: monthly }),
      rotation({ secretId: "shop", rotationEnabled: true, rotationRules: { scheduleExpression: "rate(90 days)" } }),
    ),
    example("before it exists", secret({ name: "shop" }), rotation({ secretId: ARN, rotationRules: monthly })),
    example("each month in Google Cloud", google({ rotation: { rotationPeriod: "2592000s" } })),
    {
      ...example("each year, where that is enough", google({ rotation: { rotationPeriod: "31536000s" } })),
      options: { mostDays: 365 },
    },
  ],
  fail: [
    broken("never", "", secret({ name: "shop", arn: ARN })),
    broken(
      "another one",
      "",
      secret({ name: "shop", arn: ARN }),
      rotation({ secretId: "other", rotationRules: monthly }),
    ),
    broken(
      "switched off",
      "",
      secret({ name: "shop", arn: ARN }),
      rotation({ secretId: ARN, rotationEnabled: false, rotationRules: monthly }),
    ),
    broken(
      "each quarter and a day",
      DAYS,
      secret({ name: "shop", arn: ARN }),
      rotation({ secretId: ARN, rotationRules: { automaticallyAfterDays: 91 } }),
    ),
    broken("each year by rate", DAYS, rotation({ rotationRules: { scheduleExpression: "rate(365 days)" } })),
    broken(
      "no way back",
      "recoveryWindowInDays",
      secret({ name: "shop", arn: ARN, recoveryWindowInDays: 0 }),
      rotation({ secretId: ARN, rotationRules: monthly }),
    ),
    broken("never in Google Cloud", "rotation.rotationPeriod", google({})),
    broken(
      "each year in Google Cloud",
      "rotation.rotationPeriod",
      google({ rotation: { rotationPeriod: "31536000s" } }),
    ),
  ],
  malformed: [
    malformed("a period that is a number", "fail", google({ rotation: { rotationPeriod: 30 } })),
    malformed("rules that are a text", "pass", rotation({ rotationRules: "monthly" })),
  ],
  wrongKind: [example("a version", of("aws:secretsmanager/secretVersion:SecretVersion")({ secretId: ARN }))],
};
