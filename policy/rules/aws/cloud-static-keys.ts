import { levels } from "../../core/level";
import { anyOf } from "../../core/resource";
import { defineRule } from "../../core/rule";
import { checkov, cisGke, foundationalSecurity } from "../../core/standard";
import { objects } from "../../model/object";

const keys = objects("keys of users and accounts", "the key", [
  "aws:iam/accessKey:AccessKey",
  "gcp:serviceaccount/key:Key",
]);
const users = objects("users", "the user", ["aws:iam/user:User"]);

export const cloudStaticKeys = defineRule({
  id: "cloud-static-keys",
  title: "No credential of a cloud lasts for ever",
  severity: "high",
  standards: [...foundationalSecurity("IAM.3"), ...checkov("CKV_AWS_273"), ...cisGke("5.2.2")],
  levels: levels("advisory", "mandatory"),
  model: anyOf("users and keys", keys, users),
  why: "A key that does not expire is worth stealing, and stays in every copy that was ever made of it.",
  remediation: "Give the program a role or a service account by workload identity or OIDC, and people single sign-on.",
  *check(part) {
    // A key of AWS can be kept and switched off.
    const status = part.at("status");
    yield part.fails("is a credential that does not expire", part.cursor, () => status.read() !== "Inactive");
  },
});
