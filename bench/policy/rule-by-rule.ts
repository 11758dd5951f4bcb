import { PolicyPack } from "@pulumi/policy";
import { policyOf } from "../../policy/pack/policy";
import { RULES } from "../../policy/rules";

/** The shape that was not taken: a policy for each rule, for which the SDK reads the resource anew. */
new PolicyPack("rule-by-rule", {
  policies: RULES.map((rule) => {
    const { validateResource } = policyOf([rule]);
    return {
      name: rule.id,
      description: rule.title,
      enforcementLevel: "mandatory" as const,
      ...(validateResource !== undefined && { validateResource }),
    };
  }),
});
