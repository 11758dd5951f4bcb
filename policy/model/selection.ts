import { type Cursor, findOf, UnknownValue } from "../core/cursor";
import type { Model } from "../core/resource";
import type { Stack } from "../core/rule";
import { type KubernetesObject, kubernetesObjects } from "./kubernetes-object";
import { type PodWorkload, podWorkload } from "./podspec";

export const services = kubernetesObjects("services", "", "Service");
export const ingresses = kubernetesObjects("ingresses", "networking.k8s.io", "Ingress");
export const disruptionBudgets = kubernetesObjects("disruption budgets", "policy", "PodDisruptionBudget");
export const autoscalers = kubernetesObjects("autoscalers", "autoscaling", "HorizontalPodAutoscaler");
const scaledObjects = kubernetesObjects("autoscalers of KEDA", "keda.sh", "ScaledObject");

/** What has a place among the objects of a cluster. */
export interface Placed {
  object: Cursor;
}

/** @throws UnknownValue, also where the name is left to the engine */
export function nameOf({ object }: Placed): string {
  const name = object.at("metadata.name");
  const text = name.text();
  if (text === undefined) throw new UnknownValue(name.path);
  return text;
}

/** Without one, an object goes where its neighbours without one go. @throws UnknownValue */
export const namespaceOf = ({ object }: Placed): string => object.at("metadata.namespace").text() ?? "default";

/** Objects of a stack by namespace, so that a look at neighbours does not go through all of a large stack. */
interface Places {
  known: ReadonlyMap<string, readonly Placed[]>;
  unknown: readonly Placed[];
  all: readonly Placed[];
}

const places = new WeakMap<Stack, Map<Model<unknown>, Places>>();

function placesOf(stack: Stack, model: Model<Placed>): Places {
  const models = places.get(stack) ?? new Map<Model<unknown>, Places>();
  places.set(stack, models);
  let found = models.get(model);
  if (found === undefined) {
    // A patch says only a part of what its object is.
    const all = stack.of(model).filter(({ object }) => !object.origin.partial);
    const [unknown, rest] = [true, false].map((is) =>
      all.filter(({ object }) => object.at("metadata.namespace").unknown === is),
    ) as [Placed[], Placed[]];
    found = { known: Map.groupBy(rest, namespaceOf), unknown, all };
    models.set(model, found);
  }
  return found;
}

/** Objects that may be in the same namespace: all that are known to be, and those whose namespace is not known. */
function mayBeNear<T extends Placed>(stack: Stack, model: Model<T>, to: Placed): readonly T[] {
  const { known, unknown, all } = placesOf(stack, model);
  const near = to.object.at("metadata.namespace").unknown ? all : [...(known.get(namespaceOf(to)) ?? []), ...unknown];
  // Made by this model.
  return near as readonly T[];
}

/** The first neighbour in the namespace that passes the test. @throws UnknownValue */
export function findNear<T extends Placed>(
  stack: Stack,
  model: Model<T>,
  to: Placed,
  test: (each: T) => boolean,
): T | undefined {
  return findOf(mayBeNear(stack, model, to), (each) => test(each) && namespaceOf(each) === namespaceOf(to));
}

/** Whether something in the namespace of this name passes the test. @throws UnknownValue */
export function inNamespace<T extends Placed>(
  stack: Stack,
  model: Model<T>,
  namespace: string,
  test: (each: T) => boolean,
): boolean {
  const { known, unknown } = placesOf(stack, model);
  // Made by this model.
  const near = [...(known.get(namespace) ?? []), ...unknown] as unknown as readonly T[];
  return findOf(near, (each) => test(each) && namespaceOf(each) === namespace) !== undefined;
}

/** All neighbours in the namespace that pass the test. @throws UnknownValue */
export const filterNear = <T extends Placed>(
  stack: Stack,
  model: Model<T>,
  to: Placed,
  test: (each: T) => boolean,
): readonly T[] => mayBeNear(stack, model, to).filter((each) => test(each) && namespaceOf(each) === namespaceOf(to));

/** Whether the stack has anything of the model in the namespace, so that it can tell what is missing there. */
export const hasNear = (stack: Stack, model: Model<Placed>, to: Placed): boolean =>
  findNear(stack, model, to, () => true) !== undefined;

/** Labels that controllers give to pods that run. */
const RUNTIME_LABEL =
  /^(?:rollouts-pod-template-hash|pod-template-hash|controller-revision-hash|job-name|controller-uid|(?:statefulset|apps|batch)\.kubernetes\.io\/.*)$/;

/** Labels that pods of a workload can have: those of the template, with what a release adds for each version. */
function labelSets({ object, metadata, kind }: PodWorkload): readonly (readonly Cursor[])[] {
  const base = metadata.at("labels");
  if (kind !== "Rollout") return [[base]];
  const added = [
    "canary.stableMetadata",
    "canary.canaryMetadata",
    "blueGreen.activeMetadata",
    "blueGreen.previewMetadata",
  ];
  const experiments = object
    .at("spec.strategy.canary.steps")
    .items()
    .flatMap((step) => step.at("experiment.templates").items());
  return [
    [base],
    ...added.map((name) => [object.at(`spec.strategy.${name}.labels`), base]),
    ...experiments.map((template) => [template.at("metadata.labels"), base]),
  ];
}

const labelOf = (layers: readonly Cursor[], key: string): unknown =>
  layers.map((layer) => layer.entry(key).read()).find((value) => value !== undefined);

const every = <T>(all: readonly T[], test: (each: T) => boolean): boolean =>
  findOf(all, (each) => !test(each)) === undefined;

function matchesMap(map: Cursor, layers: readonly Cursor[]): boolean {
  return every(map.entries(), ([key, value]) => {
    const wanted = value.read();
    return RUNTIME_LABEL.test(key) || labelOf(layers, key) === wanted;
  });
}

function matchesExpression(expression: Cursor, layers: readonly Cursor[]): boolean {
  const [key, values] = [expression.at("key").text() ?? "", expression.at("values")];
  if (RUNTIME_LABEL.test(key)) return true;
  const label = labelOf(layers, key);
  const among = () => values.some((value) => value.read() === label);
  switch (expression.at("operator").read()) {
    case "In":
      return among();
    case "NotIn":
      return !among();
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return false;
  }
}

/**
 * Whether a selector of labels takes an object that has these: an empty one takes all, none takes nothing.
 * @throws UnknownValue
 */
export function matches(selector: Cursor, labels: readonly Cursor[]): boolean {
  if (!selector.present()) return false;
  return (
    matchesMap(selector.at("matchLabels"), labels) &&
    every(selector.at("matchExpressions").items(), (expression) => matchesExpression(expression, labels))
  );
}

/** Whether a selector takes pods of the workload. @throws UnknownValue */
export const selectsPods = (selector: Cursor, workload: PodWorkload): boolean =>
  findOf(labelSets(workload), (labels) => matches(selector, labels)) !== undefined;

/** Whether a Service sends requests to pods of the workload. @throws UnknownValue */
export function serves(service: KubernetesObject, workload: PodWorkload): boolean {
  const selector = service.object.at("spec.selector");
  if (!selector.unknown && selector.entries().length === 0) return false;
  return findOf(labelSets(workload), (labels) => matchesMap(selector, labels)) !== undefined;
}

/** Ports by which a controller is measured, or asked by the API server. */
const INTERNAL_PORT = /^(?:https?-)?(?:metrics|webhook)$/;

/** Whether a Service brings requests to pods of the workload, and not only scrapes. @throws UnknownValue */
export const isAsked = (stack: Stack, workload: PodWorkload): boolean =>
  findNear(stack, services, workload, (service) => serves(service, workload) && !isInternal(service)) !== undefined;

function isInternal({ object }: KubernetesObject): boolean {
  const ports = object.at("spec.ports").items();
  return ports.length > 0 && every(ports, (port) => INTERNAL_PORT.test(port.at("name").text() ?? ""));
}

/** Kinds that run several copies of a pod. */
const COPIES = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"];
export const runsCopies = ({ kind, object }: PodWorkload): boolean => COPIES.includes(kind) && !object.origin.partial;

/** Whether its pods are those of another object, which is judged for them. @throws UnknownValue */
export const isReference = ({ kind, object }: PodWorkload): boolean =>
  kind === "Rollout" && object.at("spec.workloadRef").present();

/** The Rollout that runs the pods of a Deployment in its place. @throws UnknownValue */
export function rolloutOf(stack: Stack, workload: PodWorkload): PodWorkload | undefined {
  if (workload.kind === "Rollout") return workload;
  return findNear(stack, podWorkload, workload, (other) => {
    if (other.kind !== "Rollout" || other === workload) return false;
    const ref = other.object.at("spec.workloadRef");
    return ref.present() && ref.at("kind").read() === workload.kind && ref.at("name").read() === nameOf(workload);
  });
}

/** How many copies run at least: what an autoscaler keeps, or the number that is asked for. @throws UnknownValue */
export function leastCopies(stack: Stack, workload: PodWorkload): number {
  const scaled = rolloutOf(stack, workload) ?? workload;
  const scaler = findNear(stack, autoscalers, scaled, (each) => scales(each, scaled, undefined));
  if (scaler !== undefined) return scaler.object.at("spec.minReplicas").number() ?? 1;
  const keda = findNear(stack, scaledObjects, scaled, (each) => scales(each, scaled, "Deployment"));
  if (keda !== undefined) return keda.object.at("spec.minReplicaCount").number() ?? 0;
  return scaled.object.at("spec.replicas").number() ?? 1;
}

function scales({ object }: KubernetesObject, workload: PodWorkload, kind: string | undefined): boolean {
  const target = object.at("spec.scaleTargetRef");
  return (target.at("kind").read() ?? kind) === workload.kind && target.at("name").read() === nameOf(workload);
}
