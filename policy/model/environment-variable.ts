import type { Cursor } from "../core/cursor";
import type { Part } from "../core/part";
import type { Model } from "../core/resource";
import { cloudRunContainers } from "./cloud-run";
import { dockerContainer } from "./docker";
import { taskDefinition } from "./ecs";
import { lambdaFunctions } from "./lambda";
import { podWorkload } from "./podspec";

/** An environment variable that is given its value where it stands. */
export interface EnvironmentVariable {
  /** Who gets it: a container, a function. */
  part: Part;
  /** Where its value stands. */
  at: Cursor;
  /** Its name and value; undefined where it has no value here. @throws UnknownValue */
  read(): { name: string; value: string } | undefined;
}

/** Of a list of objects with a name and a value. */
const inList = (part: Part, list: Cursor): EnvironmentVariable[] =>
  list.items().map((item) => ({
    part,
    at: item.at("value"),
    read: () => {
      const value = item.at("value").text();
      return value === undefined ? undefined : { name: item.at("name").text() ?? "", value };
    },
  }));

/** Of a map. */
const inMap = (part: Part, map: Cursor): EnvironmentVariable[] =>
  map.entries().map(([name, at]) => ({
    part,
    at,
    read: () => {
      const value = at.text();
      return value === undefined ? undefined : { name, value };
    },
  }));

/** Of a list of texts: "LOG_LEVEL=info". */
const inTexts = (part: Part, list: Cursor): EnvironmentVariable[] =>
  list.items().map((at) => ({
    part,
    at,
    read: () => {
      const [, name, value] = /^([^=]*)=(.*)$/s.exec(at.text() ?? "") ?? [];
      return name === undefined || value === undefined ? undefined : { name, value };
    },
  }));

const inPods: Model<readonly EnvironmentVariable[]> = {
  name: podWorkload.name,
  accepts: podWorkload.accepts,
  of: (resource) => podWorkload.of(resource)?.containers.flatMap((part) => inList(part, part.at("env"))),
};

const inTasks: Model<readonly EnvironmentVariable[]> = {
  name: taskDefinition.name,
  accepts: taskDefinition.accepts,
  of: (resource) => taskDefinition.of(resource)?.containers.flatMap((part) => inList(part, part.at("environment"))),
};

const inDocker: Model<readonly EnvironmentVariable[]> = {
  name: dockerContainer.name,
  accepts: dockerContainer.accepts,
  of(resource) {
    const container = dockerContainer.of(resource);
    if (container === undefined) return undefined;
    const { kind, part } = container;
    return kind === "service" ? inMap(part, part.at("env")) : inTexts(part, part.at("envs"));
  },
};

const inFunctions: Model<readonly EnvironmentVariable[]> = {
  name: lambdaFunctions.name,
  accepts: lambdaFunctions.accepts,
  of(resource) {
    const part = lambdaFunctions.of(resource);
    return part && inMap(part, part.at("environment.variables"));
  },
};

const inCloudRun: Model<readonly EnvironmentVariable[]> = {
  name: cloudRunContainers.name,
  accepts: cloudRunContainers.accepts,
  of: (resource) => cloudRunContainers.of(resource)?.flatMap((part) => inList(part, part.at("envs"))),
};

/** What each kind of resource that runs programs says of their environment. */
const KINDS: readonly Model<readonly EnvironmentVariable[]>[] = [inPods, inTasks, inFunctions, inCloudRun, inDocker];

/** Everything that gives programs their environment. */
export const environmentVariables: Model<readonly EnvironmentVariable[]> = {
  name: "everything that runs programs",
  accepts: (type) => KINDS.some((kind) => kind.accepts(type)),
  of: (resource) => KINDS.find((kind) => kind.accepts(resource.type))?.of(resource),
};
