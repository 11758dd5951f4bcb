import type { Identity } from "../../model/environment";
import { quoted } from "../../pipeline/tests";
import type { CiJob } from "../ci-file";
import { step } from "../shell";

/** The audiences that each cloud asks for. No key is stored anywhere. */
export function idTokens({ aws, gcp, azure }: Identity): Pick<CiJob, "id_tokens"> {
  const tokens = {
    ...(aws !== undefined && { AWS_ID_TOKEN: { aud: "sts.amazonaws.com" } }),
    ...(gcp !== undefined && { GCP_ID_TOKEN: { aud: `https://iam.googleapis.com/${gcp.provider}` } }),
    ...(azure !== undefined && { AZURE_ID_TOKEN: { aud: "api://AzureADTokenExchange" } }),
  };
  return Object.keys(tokens).length === 0 ? {} : { id_tokens: tokens };
}

/** Becomes known to each cloud by the job's own token, in the way that its SDKs look for by themselves. */
export function identify({ aws, gcp, azure }: Identity): string[] {
  const scripts: string[] = [];
  if (aws !== undefined) {
    scripts.push(`# Be known to AWS
(umask 077 && printf '%s' "$AWS_ID_TOKEN" > "$WORK/aws-token")
export AWS_WEB_IDENTITY_TOKEN_FILE="$WORK/aws-token" AWS_ROLE_ARN=${quoted(aws.roleArn)} \\
  AWS_REGION=${aws.region} AWS_ROLE_SESSION_NAME="headgate-$CI_PIPELINE_ID"`);
  }
  if (gcp !== undefined) {
    const account = gcp.serviceAccount;
    const settings = {
      type: "external_account",
      audience: `//iam.googleapis.com/${gcp.provider}`,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: "https://sts.googleapis.com/v1/token",
      ...(account !== undefined && {
        service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
      }),
      credential_source: { file: "FILE" },
    };
    scripts.push(
      '# Be known to Google Cloud\n(umask 077 && printf \'%s\' "$GCP_ID_TOKEN" > "$WORK/gcp-token")',
      step({
        title: "Say so in a file",
        values: { SETTINGS: JSON.stringify(settings) },
        run: `jq --arg file "$WORK/gcp-token" '.credential_source.file = $file' <<< "$SETTINGS" > "$WORK/gcp.json"`,
      }),
      `export GOOGLE_APPLICATION_CREDENTIALS="$WORK/gcp.json" GOOGLE_CLOUD_PROJECT=${gcp.project} GOOGLE_PROJECT=${gcp.project}`,
    );
  }
  if (azure !== undefined) {
    const { clientId, tenantId, subscriptionId } = azure;
    scripts.push(`# Be known to Azure
(umask 077 && printf '%s' "$AZURE_ID_TOKEN" > "$WORK/azure-token")
export ARM_USE_OIDC=true ARM_OIDC_TOKEN="$AZURE_ID_TOKEN" ARM_CLIENT_ID=${clientId} ARM_TENANT_ID=${tenantId} \\
  ARM_SUBSCRIPTION_ID=${subscriptionId} AZURE_FEDERATED_TOKEN_FILE="$WORK/azure-token" AZURE_CLIENT_ID=${clientId} \\
  AZURE_TENANT_ID=${tenantId}`);
  }
  return scripts;
}
