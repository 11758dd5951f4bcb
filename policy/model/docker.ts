import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";

/** A container on one Docker engine, or the tasks of a service in a swarm. */
export interface DockerContainer {
  /** A service has no name for what only one engine gives: a restart policy of the engine, host namespaces, ports. */
  kind: "container" | "service";
  /**
   * Whether it is started at all: one that is not only holds files, and what limits a process does not matter.
   * @throws UnknownValue
   */
  runs(): boolean;
  part: Part;
  image: Cursor;
  /** What is mounted: paths of the host, and names of volumes. */
  sources: readonly Part[];
  /** Networks, each with its `name`. */
  networks: readonly Cursor[];
  readOnly: Cursor;
  addedCapabilities: Cursor;
  droppedCapabilities: Cursor;
  memoryLimit: Cursor;
  /** Commands that test the container's health. */
  healthTests: Cursor;
}

const sourcesIn = (list: Cursor, field: string): Part[] =>
  list.items().map((item) => new Part(item.at(field), "the container"));

function container(part: Part): DockerContainer {
  return {
    kind: "container",
    runs: () => part.at("start").read() !== false,
    part,
    image: part.at("image"),
    sources: [...sourcesIn(part.at("volumes"), "hostPath"), ...sourcesIn(part.at("mounts"), "source")],
    networks: part.at("networksAdvanced").items(),
    readOnly: part.at("readOnly"),
    addedCapabilities: part.at("capabilities.adds"),
    droppedCapabilities: part.at("capabilities.drops"),
    memoryLimit: part.at("memory"),
    healthTests: part.at("healthcheck.tests"),
  };
}

function service(part: Part): DockerContainer {
  const spec = new Part(part.at("taskSpec.containerSpec"), "the container");
  return {
    kind: "service",
    runs: () => true,
    part: spec,
    image: spec.at("image"),
    sources: sourcesIn(spec.at("mounts"), "source"),
    networks: part.at("taskSpec.networksAdvanceds").items(),
    readOnly: spec.at("readOnly"),
    addedCapabilities: spec.at("capAdds"),
    droppedCapabilities: spec.at("capDrops"),
    memoryLimit: part.at("taskSpec.resources.limits.memoryBytes"),
    healthTests: spec.at("healthcheck.tests"),
  };
}

const KINDS = new Map([
  ["docker:index/container:Container", container],
  ["docker:index/service:Service", service],
]);

/** Containers of Docker: of one engine, and of services in a swarm. */
export const dockerContainer: Model<DockerContainer> = {
  name: "containers of Docker",
  accepts: (type) => KINDS.has(type),
  of(resource) {
    const object = Cursor.root(resource);
    return KINDS.get(resource.type)?.(new Part(object, "the container"));
  },
};
