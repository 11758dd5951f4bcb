import type { Delivery } from "../model/delivery";
import type { Identity } from "../model/environment";
import type { Images, Registry } from "../model/pipeline-images";
import type { Problem } from "../model/problem";
import type { PlannedEnvironment, PlannedImage, Publishing } from "./plan";

/** The image of every service that is built here, and further ones. */
export function planImages(services: Delivery["services"], images: Images): PlannedImage[] {
  const built = Object.entries(services ?? {}).flatMap(([name, { service }]) =>
    service.image.build === undefined ? [] : [[name, service.image.build] as const],
  );
  return [...built, ...Object.entries(images.builds ?? {})].map(([name, build]) => ({
    name,
    build,
    platforms: given(build.platforms) ?? given(images.platforms) ?? ["linux/amd64"],
  }));
}

/** A list that says something. */
const given = <T>(list: readonly T[] | undefined): readonly T[] | undefined => (list?.length === 0 ? undefined : list);

export function planPublishing(
  images: Images,
  registry: Registry,
  environments: readonly PlannedEnvironment[],
): Publishing {
  const identity = identityIn(clouds[registry.kind], registry, environments);
  const signer = identityIn(keyCloud(images.signingKey), registry, environments);
  return {
    registry,
    ...(identity !== undefined && { identity }),
    ...(signer !== undefined && { signer }),
    cache: images.cache ?? "platform",
    tags: images.tags ?? ["branch", "pull-request", "commit", "version", "minor"],
    sbom: images.sbom ?? true,
    provenance: images.provenance ?? true,
    signature: images.signature ?? "keyless",
    ...(images.signingKey !== undefined && { signingKey: images.signingKey }),
    verifyBeforeDeployment: images.verifyBeforeDeployment ?? true,
  };
}

const clouds: Partial<Record<Registry["kind"], keyof Identity>> = {
  ecr: "aws",
  "artifact-registry": "gcp",
  acr: "azure",
};

const keyClouds: Readonly<Record<string, keyof Identity>> = { awskms: "aws", gcpkms: "gcp", azurekms: "azure" };
const keyCloud = (key = ""): keyof Identity | undefined => keyClouds[key.split(":")[0] ?? ""];

/** The registry's own identity, else that of the first environment which is known to the same cloud. */
function identityIn(
  cloud: keyof Identity | undefined,
  registry: Registry,
  environments: readonly PlannedEnvironment[],
): Identity | undefined {
  if (cloud === undefined) return undefined;
  const found = [registry.identity ?? {}, ...environments.map(({ identity }) => identity)].find(
    (identity) => identity[cloud] !== undefined,
  );
  return found && { [cloud]: found[cloud] };
}

export function publishingProblems({ registry, identity, signingKey, signer }: Publishing, path: string): Problem[] {
  const cloud = clouds[registry.kind];
  const ofKey = keyCloud(signingKey);
  if (ofKey !== undefined && signer === undefined) {
    const problem = `is missing beside a signing key in ${ofKey}: nobody could use the key, and no environment has an identity there`;
    return [{ path: `${path}.identity`, problem, fix: `Add identity: { ${ofKey}: { … } }, or one to an environment` }];
  }
  if (cloud === undefined || identity !== undefined) return [];
  const problem = `is missing beside kind "${registry.kind}": nobody could log in, and no environment has an identity in ${cloud}`;
  return [{ path: `${path}.identity`, problem, fix: `Add identity: { ${cloud}: { … } }, or one to an environment` }];
}
