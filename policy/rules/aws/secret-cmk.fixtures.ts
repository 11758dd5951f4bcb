import { of } from "../../testing/cloud";
import { broken, example, type Fixtures, malformed } from "../../testing/fixtures";

const secret = of("aws:secretsmanager/secret:Secret");

export const fixtures: Fixtures = {
  pass: [example("a key", secret({ kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/1" }))],
  fail: [
    broken("nothing said", "kmsKeyId", secret({ name: "shop" })),
    broken("an empty text", "kmsKeyId", secret({ kmsKeyId: "" })),
  ],
  malformed: [malformed("a number", "fail", secret({ kmsKeyId: 1 }))],
  wrongKind: [example("a version", of("aws:secretsmanager/secretVersion:SecretVersion")({}))],
};
