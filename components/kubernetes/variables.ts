import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../model/errors";

/**
 * Environment variables as they are known later. A secret among them is refused: everybody who may see the pods or
 * their configuration would read it.
 */
export function plainVariables(
  component: string,
  name: string,
  env: Record<string, pulumi.Input<string>>,
  resource: pulumi.Resource,
): pulumi.Output<Record<string, string>> {
  const secret = Object.entries(env).map(async ([variable, value]) =>
    (await pulumi.isSecret(pulumi.output(value))) ? [variable] : [],
  );
  return pulumi.all([pulumi.all(env), Promise.all(secret)]).apply(([values, variables]) => {
    const fix = "Move it to secrets, which are files at /run/secrets";
    const problem = "is a secret, and everybody who may see the pods would read it";
    const problems = variables.flat().map((variable) => ({ path: `env.${variable}`, problem, fix }));
    refuse(component, name, problems, resource);
    return values as Record<string, string>;
  });
}
