/** Port of every Service, whatever port the containers listen on: it may change from one version to the next. */
export const SERVICE_PORT = 80;

/** Name of the main port of the pods, which Services, probes and policies go by. */
export const MAIN_PORT = "http";

/** Names of a service's objects. Services, StatefulSets and label values must be DNS labels, so that all are. */
export function objectNames(name: string) {
  return {
    main: name,
    canary: `${name}-canary`,
    preview: `${name}-preview`,
    headless: `${name}-headless`,
    metrics: `${name}-metrics`,
    hooks: `${name}-hooks`,
  };
}

/** What finds a service's pods. It never changes: Kubernetes keeps a workload's selector for its whole life. */
export const selectorOf = (name: string) => ({ "app.kubernetes.io/name": name });

/** What finds the pods of a service's hooks. */
export const hookSelectorOf = (name: string) => ({ "headgate.dev/hook-of": name });

/** Labels by which everything of a service is known, its pods too. */
export const labelsOf = (name: string) => ({
  ...selectorOf(name),
  "app.kubernetes.io/managed-by": "headgate",
  "headgate.dev/service": name,
});

/** Labels of every object of a service. */
export const objectLabels = ({ name, labels }: { name: string; labels: Record<string, string> }) => ({
  ...labels,
  ...labelsOf(name),
});

/** Label that Argo keeps on the pods of the version that serves, while another one is tried beside it. */
export const SERVING_LABEL = { "headgate.dev/serves": "true" } as const;

/**
 * Labels of a configuration or a secret. One that outlives its version has one more: the release removes those nobody
 * needs, and all of them when the service's pods belong to a Rollout no longer.
 */
export const configLabels = (service: { name: string; labels: Record<string, string> }, outlives: boolean) => ({
  ...objectLabels(service),
  ...(outlives && { "headgate.dev/config": "true" }),
});
