/** The rooms with kinds of their own; each has its providers in `providers.ts`, and loads nothing of the others. */
const rooms = {
  docker: ["Release", "HostPreflight", "HostReadiness"],
  github: ["WorkTree"],
  kubernetes: ["KubernetesRelease", "KubernetesTurn", "KubernetesPreflight"],
} as const;

/** A kind of custom resource. */
export type DelegateKind = (typeof rooms)[keyof typeof rooms][number];

/** Kinds that are asked in a preview too; for the others a preview need not load the library. */
export const checkedKinds: readonly DelegateKind[] = ["KubernetesPreflight"];

/** The room that has a kind's provider. */
export function roomOf(kind: string): string {
  const found = Object.entries(rooms).find(([, kinds]) => (kinds as readonly string[]).includes(kind));
  if (found === undefined) throw new Error(`there is no custom resource "${kind}" in this version of headgate`);
  return found[0];
}
