import * as pulumi from "@pulumi/pulumi";
import type { DockerHostArgs } from "./args";

/** The arguments with everything wrapped that must not be readable in state. */
export function sealSecrets(args: DockerHostArgs): DockerHostArgs {
  const slack = args.alerts?.slack;
  const email = args.alerts?.email;
  return {
    ...args,
    ...(args.https === undefined
      ? {}
      : {
          https: {
            certificates: args.https.certificates.map((each) => ({
              ...each,
              privateKey: pulumi.secret(each.privateKey),
            })),
          },
        }),
    ...(args.alerts === undefined
      ? {}
      : {
          alerts: {
            ...(slack === undefined ? {} : { slack: { ...slack, webhookUrl: pulumi.secret(slack.webhookUrl) } }),
            ...(email === undefined
              ? {}
              : {
                  email: {
                    ...email,
                    ...(email.password === undefined ? {} : { password: pulumi.secret(email.password) }),
                  },
                }),
          },
        }),
  };
}
