import type { Cursor } from "../core/cursor";
import type { Model } from "../core/resource";
import type { Stack } from "../core/rule";
import { kubernetesType, objectOf } from "./kubernetes";
import { findNear, nameOf, type Placed } from "./selection";

/** Kinds of which a controller makes pods, by their group. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  "monitoring.coreos.com": ["Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler"],
  "opentelemetry.io": ["OpenTelemetryCollector"],
  "grafana.integreatly.org": ["Grafana"],
  "postgresql.cnpg.io": ["Cluster", "Pooler"],
  "acid.zalan.do": ["postgresql"],
  "kafka.strimzi.io": ["Kafka", "KafkaBridge", "KafkaConnect"],
  "elasticsearch.k8s.elastic.co": ["Elasticsearch"],
  "kibana.k8s.elastic.co": ["Kibana"],
};

const runsPods = (type: string): boolean => {
  const { group = "", kind = "" } = kubernetesType(type) ?? {};
  return Object.hasOwn(KINDS, group) && KINDS[group]?.includes(kind) === true;
};

const operated: Model<Placed> = {
  name: "objects whose pods an operator makes",
  accepts: runsPods,
  of: (resource) => (runsPods(resource.type) ? { object: objectOf(resource, false) } : undefined),
};

/**
 * Whether a map of labels names an object whose pods an operator makes: their labels are nowhere in the stack, but
 * they have the object's name in them.
 * @throws UnknownValue
 */
export function mayBeOperated(stack: Stack, from: Placed, labels: Cursor): boolean {
  const values = labels.entries().map(([, value]) => value.text() ?? "");
  const isNamed = (each: Placed) => values.some((value) => value.includes(nameOf(each)));
  return findNear(stack, operated, from, isNamed) !== undefined;
}
