import type { Identity } from "../../model/environment";
import type { Emitter } from "./emitter";
import { expression, text } from "./expression";
import type { Step } from "./workflow";

/** Becomes known to each cloud by the run's own token; no key is stored anywhere. */
export function identitySteps(emitter: Emitter, { aws, gcp, azure }: Identity): Step[] {
  const steps: Step[] = [];
  if (aws !== undefined) {
    const account = aws.roleArn.split(":")[4] ?? "";
    steps.push({
      name: "Be known to AWS",
      uses: emitter.use("aws-actions/configure-aws-credentials"),
      with: {
        "role-to-assume": aws.roleArn,
        "aws-region": aws.region,
        "allowed-account-ids": account,
        "role-session-name": text`headgate-${expression`github.run_id`}`,
      },
    });
  }
  if (gcp !== undefined) {
    steps.push({
      name: "Be known to Google Cloud",
      uses: emitter.use("google-github-actions/auth"),
      with: {
        workload_identity_provider: gcp.provider,
        project_id: gcp.project,
        ...(gcp.serviceAccount !== undefined && { service_account: gcp.serviceAccount }),
      },
    });
  }
  if (azure !== undefined) {
    steps.push({
      name: "Be known to Azure",
      uses: emitter.use("azure/login"),
      with: { "client-id": azure.clientId, "tenant-id": azure.tenantId, "subscription-id": azure.subscriptionId },
    });
  }
  return steps;
}

export const hasIdentity = ({ aws, gcp, azure }: Identity): boolean =>
  aws !== undefined || gcp !== undefined || azure !== undefined;
