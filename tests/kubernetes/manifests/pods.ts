import type { Generated, Manifest } from "./generated";

interface Template {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: the API server looks at it.
  spec: Record<string, any>;
}

/** The jobs of hooks: the definitions of Argo Rollouts let volumes and amounts through, and know no rules of jobs. */
export function hookJobs(objects: readonly Generated[], namespace: string): Generated[] {
  return objects
    .filter(({ manifest: { kind } }) => kind === "AnalysisTemplate")
    .flatMap(({ from, manifest: { metadata, spec } }) => {
      const metrics: { provider: { job?: { spec: object } } }[] = spec.metrics;
      return metrics
        .flatMap(({ provider: { job } }) => (job === undefined ? [] : [job]))
        .map((job, index) => {
          const name = `${metadata.name}-${index}`;
          return { from, manifest: { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace }, ...job } };
        });
    });
}

/** The pods that controllers make of objects, which is where a namespace judges them. Each content is there once. */
export function podsOf(objects: readonly Generated[], namespace: string): Generated[] {
  const pods = new Map<string, Generated>();
  for (const { from, manifest } of objects) {
    const template = templateOf(manifest);
    if (template === undefined) continue;
    const pod = podOf(manifest, template, namespace);
    pods.set(JSON.stringify(pod["spec"]), { from: `${from}, ${manifest.kind}`, manifest: pod });
  }
  return [...pods.values()];
}

function templateOf({ kind, spec }: Manifest): Template | undefined {
  if (kind === "CronJob") return spec.jobTemplate.spec.template;
  return ["DaemonSet", "Deployment", "Job", "Rollout", "StatefulSet"].includes(kind) ? spec.template : undefined;
}

function podOf({ metadata, spec }: Manifest, template: Template, namespace: string): Manifest {
  const claims: Manifest[] = spec.volumeClaimTemplates ?? [];
  const volumes = [
    ...(template.spec["volumes"] ?? []),
    ...claims.map(({ metadata: { name } }) => ({ name, persistentVolumeClaim: { claimName: name } })),
  ];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...template.metadata, name: metadata.name, namespace },
    // An account of its own would have to be there.
    spec: { ...template.spec, volumes, serviceAccountName: "default" },
  };
}
