import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov } from "../../core/standard";
import { objects } from "../../model/object";

export const secretCmk = defineRule({
  id: "secret-cmk",
  title: "Secrets are encrypted with a key of one's own",
  severity: "low",
  standards: checkov("CKV_AWS_149"),
  levels: levels("off", "advisory"),
  model: objects("secrets of AWS", "the secret", ["aws:secretsmanager/secret:Secret"]),
  why: "With the cloud's own key everybody in the account who may read the secret may decrypt it, too.",
  remediation: "Set kmsKeyId to a key whose policy names who decrypts.",
  *check(secret) {
    const key = secret.at("kmsKeyId");
    yield secret.fails("has no key of its owner's", key, () => (key.text() ?? "") === "");
  },
});
