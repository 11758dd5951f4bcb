import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  KubernetesDeployer,
  KubernetesJob,
  KubernetesNamespace,
  KubernetesPlatform,
  type KubernetesPlatformArgs,
  KubernetesService,
} from "../../../components/kubernetes";
import { ARGO_CRDS, TRAEFIK_CRDS } from "../../../components/kubernetes/platform/crd-sources";
import {
  argumentsOf,
  type Input,
  likely,
  made,
  names,
} from "../../../components/kubernetes/service/testing/arbitraries";
import { deployers, jobs, namespaces, platforms } from "../../../components/kubernetes/testing/arbitraries";
import { manifests as stubs } from "../../../components/kubernetes/testing/manifests";
import { type NewResource, render } from "../../../testkit";

/** An object as a component gives it to the plugin. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: any field of any kind.
  [field: string]: any;
}

/** An object and where it comes from. */
export interface Generated {
  /** `KubernetesService 17`: the place in the sample. */
  from: string;
  manifest: Manifest;
}

/** A service of the sample. */
export interface SampledService {
  name: string;
  input: Input;
}

/** Files or folders with the definitions of Argo Rollouts and Traefik. */
export type Definitions = Record<"argo" | "traefik", string>;

const SEED = 20_261_121;
/** Inputs of services that are tried. Three of four are accepted, and most of them have no strategy. */
const TRIED = 1_000;
/** Most services with the same router and strategy. */
const ALIKE = 8;
/** Inputs of each other component. */
const OTHERS = 25;
const NAME = "sample";

/** The strategy of a release; undefined when it has none of its own. */
export const strategyOf = ({ release }: Input) =>
  (["rolling", "immediate", "blueGreen", "canary"] as const).find((strategy) => strategy in release);

/** Inputs of services that are accepted, always the same. */
export function serviceInputs(): SampledService[] {
  const alike = new Map<string, number>();
  return fc
    .sample(fc.tuple(names, likely), { seed: SEED, numRuns: TRIED })
    .map(([name, input]) => ({ name, input }))
    .filter(({ name, input }) => {
      const kind = `${input.route.router} ${strategyOf(input)}`;
      const count = alike.get(kind) ?? 0;
      if (count >= ALIKE || made(name, argumentsOf(input)) === undefined) return false;
      alike.set(kind, count + 1);
      return true;
    });
}

/**
 * Objects of those services and of samples of all other components, with everything in one namespace: what the
 * components declare, not only what they plan. Each content is there once.
 */
export async function generated(
  services: readonly SampledService[],
  namespace: string,
  definitions: Definitions,
): Promise<Generated[]> {
  // The generator's records have no prototype.
  const sample = <T>(values: fc.Arbitrary<T>) =>
    fc.sample(values, { seed: SEED, numRuns: OTHERS }).map((value) => structuredClone(value));
  const folder = await mkdtemp(join(tmpdir(), "headgate-definitions-"));
  try {
    const stubbed = await stubDefinitions(folder);
    const platformSample = sample(platforms);
    // The real definitions take a second to read: one platform has them.
    const complete = platformSample.findIndex(({ traefik }) => traefik !== undefined);
    const programs: Record<string, (() => unknown)[]> = {
      KubernetesService: services.map(({ name, input }) => {
        return () => new KubernetesService(name, { ...argumentsOf(input), namespace });
      }),
      KubernetesJob: sample(jobs).map((args) => () => new KubernetesJob(NAME, { ...args, namespace })),
      KubernetesNamespace: sample(namespaces).map(
        (args) => () => new KubernetesNamespace(NAME, { ...args, namespace }),
      ),
      KubernetesDeployer: sample(deployers).map((args) => () => new KubernetesDeployer(NAME, args)),
      KubernetesPlatform: platformSample.map((args, index) => {
        const own = { name: namespace, install: index % 2 === 0 };
        const given = platformArgs(args, index === complete ? definitions : stubbed, own);
        return () => new KubernetesPlatform(NAME, given);
      }),
    };
    const objects = new Map<string, Generated>();
    for (const [component, all] of Object.entries(programs)) {
      for (const [index, program] of all.entries()) {
        for (const manifest of await declared(program)) {
          if (manifest.metadata.annotations?.["made-by"] === "hand") continue;
          objects.set(JSON.stringify(manifest), { from: `${component} ${index}`, manifest });
        }
      }
    }
    return [...objects.values()];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function stubDefinitions(folder: string): Promise<Definitions> {
  const definitions = { argo: join(folder, "argo.yaml"), traefik: join(folder, "traefik.yaml") };
  await writeFile(definitions.argo, stubs(ARGO_CRDS.flatMap((file) => file.names)));
  await writeFile(definitions.traefik, stubs(TRAEFIK_CRDS.flatMap((file) => file.names)));
  return definitions;
}

function platformArgs(
  args: KubernetesPlatformArgs,
  { argo, traefik }: Definitions,
  namespace: NonNullable<KubernetesPlatformArgs["namespace"]>,
): KubernetesPlatformArgs {
  return {
    ...args,
    namespace,
    argoRollouts: { ...args.argoRollouts, crds: argo },
    ...(args.traefik && { traefik: { ...args.traefik, crds: traefik } }),
  };
}

/** What a program declares of the cluster. */
async function declared(program: () => unknown): Promise<Manifest[]> {
  const { resources, errors } = await render(program, { newResource: answered });
  if (errors.length > 0) throw new AggregateError(errors);
  // What it only reads has no fields.
  const objects = resources.filter(({ type, inputs }) => type.startsWith("kubernetes:") && "kind" in inputs);
  return objects.map(({ name, inputs }) => ({ ...(inputs as unknown as Manifest), metadata: named(name, inputs) }));
}

/** The plugin gives a name to what has none. */
function named(resource: string, inputs: Record<string, unknown>): Manifest["metadata"] {
  return { name: `${resource}-1a2b3c4d`, ...(inputs["metadata"] as object) };
}

/** What the plugin and the cluster fill in, and others refer to: names, and the token in a Secret for one. */
function answered({ type, name, inputs }: NewResource): Record<string, unknown> | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  const token = type.endsWith(":Secret") && inputs["data"] === undefined;
  return { metadata: named(name, inputs), ...(token && { data: { token: "eA==" } }) };
}
