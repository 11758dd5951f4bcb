import type { Hook, Release } from "../../model/release";
import { type HookPoint, hookPoints, hookSeconds, migrationSeconds } from "./hook-points";
import type { AnalysisArgument, HookMetric, HookTemplate, RolloutAnalysis, RolloutStep } from "./kubernetes-argo";

/** The new version's own image: the argument's value is read from the Rollout. */
const IMAGE: AnalysisArgument = {
  name: "image",
  valueFrom: { fieldRef: { fieldPath: "spec.template.spec.containers[0].image" } },
};

/** A template, and how it is called. */
export interface HookCall {
  template: HookTemplate;
  analysis: RolloutAnalysis;
}

/** What to run at a point of a release, if anything. A function of AWS is refused elsewhere. */
export function hookCall(release: Release, service: string, point: HookPoint): HookCall | undefined {
  const hook = release.hooks?.[point];
  return hook === undefined ? undefined : callOf(service, hookPoints[point], hook);
}

/** The migration, if there is one. */
export function migrationCall({ migration }: Release, service: string): HookCall | undefined {
  if (migration === undefined) return undefined;
  const hook = { container: { command: migration.command } };
  return callOf(service, "migration", hook, migrationSeconds(migration));
}

function callOf(service: string, id: string, hook: Hook, seconds = hookSeconds(hook)): HookCall | undefined {
  const provider = providerOf(id, hook, seconds);
  if (provider === undefined) return undefined;
  const name = `${service}-${id}`;
  const own = hook.container !== undefined && hook.container.image === undefined;
  const metrics: HookMetric[] = [{ name: id, provider, consecutiveErrorLimit: 0 }];
  return {
    template: { name, spec: own ? { args: [{ name: IMAGE.name }], metrics } : { metrics } },
    analysis: { templates: [{ templateName: name }], ...(own && { args: [IMAGE] }) },
  };
}

function providerOf(name: string, { container, http }: Hook, seconds: number): HookMetric["provider"] | undefined {
  if (http !== undefined) return { web: { url: http.url, timeoutSeconds: seconds } };
  if (container === undefined) return undefined;
  const { image = `{{args.${IMAGE.name}}}`, command } = container;
  return {
    job: {
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: seconds,
        template: { spec: { restartPolicy: "Never", containers: [{ name, image, command }] } },
      },
    },
  };
}

/** A hook as a step. */
export const hookStep = (call: HookCall | undefined): RolloutStep[] =>
  call === undefined ? [] : [{ analysis: call.analysis }];

/** The templates of those hooks that are there. */
export const templatesOf = (calls: readonly (HookCall | undefined)[]): HookTemplate[] =>
  calls.flatMap((call) => (call === undefined ? [] : [call.template]));

/** Several analyses side by side, as one. */
export function sideBySide(analyses: readonly RolloutAnalysis[]): RolloutAnalysis | undefined {
  if (analyses.length === 0) return undefined;
  const args = new Map(analyses.flatMap((one) => one.args ?? []).map((arg) => [arg.name, arg]));
  return {
    templates: analyses.flatMap(({ templates }) => templates),
    ...(args.size > 0 && { args: [...args.values()] }),
  };
}
