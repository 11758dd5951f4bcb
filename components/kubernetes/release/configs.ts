import { type ConfigObject, type PodTemplate, type ReplicaSet, type Rollout, secondsOf } from "./objects";

/** What finds every object of a service. */
export const serviceSelector = (service: string) => `headgate.dev/service=${service}`;

/** Labels of the ConfigMaps and Secrets that are made for one version of a service, and kept when Pulumi lets go. */
export const configSelector = (service: string) => `${serviceSelector(service)},headgate.dev/config=true`;

/**
 * Configurations that nothing needs any more: no ReplicaSet of the Rollout, which keeps as many as it may go back to,
 * and not the Rollout itself. One that is newer than every ReplicaSet belongs to a release that is only about to begin.
 */
export function spareConfigs(
  objects: readonly ConfigObject[],
  rollout: Rollout,
  replicaSets: readonly ReplicaSet[],
): ConfigObject[] {
  const used = new Set([rollout.spec.template, ...replicaSets.map(({ spec }) => spec?.template)].flatMap(configsOf));
  const newest = Math.max(...replicaSets.map(({ metadata }) => secondsOf(metadata.creationTimestamp) ?? 0));
  return objects.filter(({ kind, metadata }) => {
    const made = secondsOf(metadata.creationTimestamp) ?? Number.POSITIVE_INFINITY;
    return !used.has(`${kind}/${metadata.name}`) && made <= newest;
  });
}

/** "ConfigMap/name" and "Secret/name" of everything that a pod template refers to. */
export function configsOf(template: PodTemplate | undefined): string[] {
  const { containers = [], initContainers = [], volumes = [] } = template?.spec ?? {};
  const maps: (string | undefined)[] = [];
  const secrets: (string | undefined)[] = [];
  for (const { env = [], envFrom = [] } of [...containers, ...initContainers]) {
    maps.push(...envFrom.map((from) => from.configMapRef?.name));
    maps.push(...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name));
    secrets.push(...envFrom.map((from) => from.secretRef?.name));
    secrets.push(...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name));
  }
  for (const { configMap, secret, projected } of volumes) {
    maps.push(configMap?.name, ...(projected?.sources ?? []).map((source) => source.configMap?.name));
    secrets.push(secret?.secretName, ...(projected?.sources ?? []).map((source) => source.secret?.name));
  }
  const named = (kind: string, names: (string | undefined)[]) =>
    names.flatMap((name) => (name === undefined ? [] : [`${kind}/${name}`]));
  return [...named("ConfigMap", maps), ...named("Secret", secrets)];
}
