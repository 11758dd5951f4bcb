import * as pulumi from "@pulumi/pulumi";
import type { GithubDeliveryArgs } from "./args";

/** Arguments as the component records them: values of secrets are secret. */
export function sealed({ secrets, environmentSecrets, ...others }: GithubDeliveryArgs): pulumi.Inputs {
  const all = (values: Record<string, pulumi.Input<string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, pulumi.secret(value)]));
  return {
    ...others,
    ...(secrets !== undefined && { secrets: all(secrets) }),
    ...(environmentSecrets !== undefined && {
      environmentSecrets: Object.fromEntries(
        Object.entries(environmentSecrets).map(([name, values]) => [name, all(values)]),
      ),
    }),
  };
}
