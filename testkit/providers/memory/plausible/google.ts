import type { Plausible, Subject } from "./subject";

const PROJECT = "headgate-test";
const REGION = "europe-west1";

export function google({ module, kind, name, inputs, hex }: Subject): Plausible {
  const project = String(inputs.project ?? PROJECT);
  const location = String(inputs.location ?? inputs.region ?? REGION);
  const at = (collection: string, own = name) => `projects/${project}/locations/${location}/${collection}/${own}`;
  switch (`${module}.${kind}`) {
    case "artifactregistry.Repository": {
      const repository = String(inputs.repositoryId ?? name);
      return {
        id: at("repositories", repository),
        outputs: {
          name: repository,
          repositoryId: repository,
          registryUri: `${location}-docker.pkg.dev/${project}/${repository}`,
        },
      };
    }
    case "cloudrun.Service":
    case "cloudrunv2.Service": {
      const url = `https://${name}-${hex(10)}-ew.a.run.app`;
      return {
        id: at("services"),
        outputs: {
          uri: url,
          urls: [url],
          statuses: [{ url }],
          latestReadyRevision: `${name}-00001-${hex(3)}`,
          project,
          location,
        },
      };
    }
    case "serviceaccount.Account": {
      const email = `${inputs.accountId ?? name}@${project}.iam.gserviceaccount.com`;
      return {
        id: `projects/${project}/serviceAccounts/${email}`,
        outputs: {
          email,
          member: `serviceAccount:${email}`,
          name: `projects/${project}/serviceAccounts/${email}`,
          uniqueId: `1${digits(hex(20))}`,
        },
      };
    }
    case "secretmanager.Secret":
      return {
        id: `projects/${project}/secrets/${inputs.secretId ?? name}`,
        outputs: { name: `projects/${project}/secrets/${inputs.secretId ?? name}` },
      };
    case "container.Cluster":
      return {
        id: at("clusters"),
        outputs: {
          endpoint: `34.${hex(6)
            .match(/../g)
            ?.map((part) => Number.parseInt(part, 16))
            .join(".")}`,
          selfLink: `https://container.googleapis.com/v1/${at("clusters")}`,
          masterAuth: { clusterCaCertificate: Buffer.from(hex(32)).toString("base64") },
        },
      };
    case "pubsub.Topic":
    case "pubsub.Subscription":
      return { id: `projects/${project}/${kind.toLowerCase()}s/${name}`, outputs: { project } };
    default: {
      const id = at(`${kind.charAt(0).toLowerCase()}${kind.slice(1)}s`);
      return { id, outputs: { project, selfLink: `https://www.googleapis.com/${module}/v1/${id}` } };
    }
  }
}

function digits(hex: string): string {
  return [...hex].map((digit) => Number.parseInt(digit, 16) % 10).join("");
}
