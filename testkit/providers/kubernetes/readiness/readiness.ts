import type { KubernetesObject } from "../object";

/** How far an object is. */
export interface Readiness {
  state: "ready" | "waiting" | "failed";
  /** What it waits for, or why it failed: one sentence without its full stop. */
  message: string;
}

export const READY: Readiness = { state: "ready", message: "" };

export function waiting(message: string): Readiness {
  return { state: "waiting", message };
}

export function failed(message: string): Readiness {
  return { state: "failed", message };
}

/** Other objects, for what one object alone does not tell. */
export interface Surroundings {
  get(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
  ): Promise<KubernetesObject | undefined>;
  list(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    selectors: { labelSelector?: string; fieldSelector?: string },
  ): Promise<KubernetesObject[]>;
}

/** When an object of a kind is ready. */
export interface ReadinessRule {
  check(object: KubernetesObject, around: Surroundings, isNew: boolean): Readiness | Promise<Readiness>;
  /** Reasons why it is not, one a line. */
  explain?(object: KubernetesObject, around: Surroundings): Promise<string[]>;
  /** Whether a refresh looks at it too. */
  onRead?: boolean;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export function condition(object: KubernetesObject, type: string): Condition | undefined {
  // A definition that was just made has null here.
  const { conditions } = (object.status ?? {}) as { conditions?: Condition[] | null };
  return conditions?.find((candidate) => candidate.type === type);
}

export function isTrue(object: KubernetesObject, type: string): boolean {
  return condition(object, type)?.status === "True";
}

/** Whether the status speaks of the object as it is now. */
export function isObserved(object: KubernetesObject): boolean {
  const { observedGeneration } = (object.status ?? {}) as { observedGeneration?: number };
  return (observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

/** A label selector as the API's query spells it. */
export function selectorText(labels: Record<string, string> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
