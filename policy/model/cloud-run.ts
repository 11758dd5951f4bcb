import { Cursor } from "../core/cursor";
import { Part } from "../core/part";
import type { Model } from "../core/resource";
import { objects } from "./object";

/** Services of Cloud Run. */
export const cloudRunServices = objects("services of Cloud Run", "the service", ["gcp:cloudrunv2/service:Service"]);

/** Where each kind of Cloud Run keeps its containers. */
const CONTAINERS: ReadonlyMap<string, string> = new Map([
  ["gcp:cloudrunv2/service:Service", "template.containers"],
  ["gcp:cloudrunv2/workerPool:WorkerPool", "template.containers"],
  ["gcp:cloudrunv2/job:Job", "template.template.containers"],
  ["gcp:cloudrun/service:Service", "template.spec.containers"],
]);

/** Containers of anything in Cloud Run. */
export const cloudRunContainers: Model<readonly Part[]> = {
  name: "Cloud Run",
  accepts: (type) => CONTAINERS.has(type),
  of: (resource) =>
    Cursor.root(resource)
      .at(CONTAINERS.get(resource.type) ?? "")
      .items()
      .map((item) => Part.named("container", item)),
};

/** How many instances run at least. @throws UnknownValue */
export function leastInstances(service: Part): number {
  const number = (name: string): number => service.at(name).number() ?? 0;
  if (service.at("scaling.scalingMode").read() === "MANUAL") return number("scaling.manualInstanceCount");
  return Math.max(number("scaling.minInstanceCount"), number("template.scaling.minInstanceCount"));
}
