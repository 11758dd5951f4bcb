import { PolicyPack } from "@pulumi/policy";

/** What every pack costs: one policy that looks at nothing. */
new PolicyPack("empty", { policies: [{ name: "empty", description: "Nothing.", validateResource: () => {} }] });
