import { broken, example, type Fixtures, malformed, resource } from "../../testing/fixtures";

const accessKey = (properties: unknown) => resource("aws:iam/accessKey:AccessKey", properties);

export const fixtures: Fixtures = {
  pass: [example("a key that is switched off", accessKey({ user: "shop", status: "Inactive" }))],
  fail: [
    broken("a key of AWS", "", accessKey({ user: "shop" })),
    broken("a key that is in use", "", accessKey({ user: "shop", status: "Active" })),
    broken("a user of AWS", "", resource("aws:iam/user:User", { name: "shop" })),
    broken("a key of Google Cloud", "", resource("gcp:serviceaccount/key:Key", { serviceAccountId: "shop" })),
  ],
  malformed: [malformed("a text for the properties", "fail", accessKey("key"))],
  wrongKind: [
    example("a role", resource("aws:iam/role:Role", {})),
    example("a service account", resource("gcp:serviceaccount/account:Account", {})),
  ],
};
