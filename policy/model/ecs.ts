import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";

/** A task definition of Amazon ECS. */
export interface TaskDefinition {
  task: Part;
  /** Containers, out of the JSON text that the provider takes. */
  containers: readonly Part[];
}

/** Task definitions. */
export const taskDefinition: Model<TaskDefinition> = {
  name: "task definitions of ECS",
  accepts: (type) => type === "aws:ecs/taskDefinition:TaskDefinition",
  of(resource) {
    const object = Cursor.root(resource);
    return {
      task: new Part(object, "the task"),
      containers: object
        .at("containerDefinitions")
        .json()
        .items()
        .map((item) => Part.named("container", item)),
    };
  },
};

/** Whether the tasks run on Windows, where some settings of Linux do not exist. */
export const runsWindows = ({ task }: TaskDefinition): boolean =>
  task.at("runtimePlatform.operatingSystemFamily").text()?.startsWith("WINDOWS") === true;

/** Whether a container's user is root, or left to its image: "user", "uid", "user:group" or "uid:gid". */
export function isRoot(container: Part): boolean {
  const user = container.at("user").text()?.split(":")[0]?.trim() ?? "";
  return user === "" || user === "root" || /^0+$/.test(user);
}
