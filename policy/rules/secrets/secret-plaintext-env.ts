import { levels } from "../../core/level";
import { defineRule } from "../../core/rule";
import { checkov, cisKubernetes, cwe, foundationalSecurity } from "../../core/standard";
import { environmentVariables } from "../../model/environment-variable";
import { isPlainSecret } from "../../model/secret-text";

export const secretPlaintextEnv = defineRule({
  id: "secret-plaintext-env",
  title: "No secret stands in an environment variable as plain text",
  severity: "critical",
  standards: [
    ...cisKubernetes("5.4.1"),
    ...foundationalSecurity("ECS.8"),
    ...checkov("CKV_AWS_45"),
    ...cwe("798", "312"),
  ],
  levels: levels("mandatory", "mandatory"),
  model: environmentVariables,
  why: "Everybody who may look at the workload reads it there, and so does whoever reads the repository or the state.",
  remediation:
    "Keep the value in a Secret or a secret store and name it from here. Replace the secret: it has been seen.",
  *check(variables) {
    for (const { part, at, read } of variables) {
      yield part.fails("is given a secret as plain text", at, () => {
        const variable = read();
        return variable !== undefined && isPlainSecret(variable.name, variable.value);
      });
    }
  },
});
