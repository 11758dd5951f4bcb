import type { Part } from "../core/part";
import { objects } from "./object";

/** Services of Cloud Run. */
export const cloudRunServices = objects("services of Cloud Run", "the service", ["gcp:cloudrunv2/service:Service"]);

/** How many instances run at least. @throws UnknownValue */
export function leastInstances(service: Part): number {
  const number = (name: string): number => {
    const value = service.at(name).read();
    return typeof value === "number" ? value : 0;
  };
  if (service.at("scaling.scalingMode").read() === "MANUAL") return number("scaling.manualInstanceCount");
  return Math.max(number("scaling.minInstanceCount"), number("template.scaling.minInstanceCount"));
}
