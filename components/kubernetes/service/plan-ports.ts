import { describeValue, joinPath, type Problem } from "../../model/problem";
import type { Service } from "../../model/service";
import { MAIN_PORT, SERVICE_PORT } from "./plan-names";

/** A port of the pods. */
export interface PodPort {
  name: string;
  port: number;
}

/** Longest name of a port (the validation of Kubernetes, IsValidPortName). */
const LONGEST_PORT_NAME = 15;
/** Ports below need a capability, or a system setting for the pod's own network. */
const FIRST_FREE_PORT = 1024;

/** The ports of the pods: the main one, the further ones, and that of the metrics when it is none of them. */
export function podPorts({ port, ports = {}, metrics }: Service): PodPort[] {
  const named = [{ name: MAIN_PORT, port }, ...Object.entries(ports).map(([name, number]) => ({ name, port: number }))];
  const measured = metrics?.port;
  if (measured === undefined || named.some((each) => each.port === measured)) return named;
  const name = named.some((each) => each.name === "metrics") ? "headgate-metric" : "metrics";
  return [...named, { name, port: measured }];
}

/** Name of the port with the metrics; undefined without metrics. */
export function metricsPortName(service: Service): string | undefined {
  if (service.metrics === undefined) return undefined;
  const number = service.metrics.port ?? service.port;
  return podPorts(service).find(({ port }) => port === number)?.name;
}

/** Whether a user without rights has to be let listen there. */
export const needsLowPorts = (service: Service) => podPorts(service).some(({ port }) => port < FIRST_FREE_PORT);

/** Names that a port of Kubernetes cannot have, and the number that is taken. */
export function portProblems({ ports = {} }: Service): Problem[] {
  return Object.entries(ports).flatMap(([name, port]): Problem[] => {
    const path = joinPath("service.ports", name);
    const got = describeValue(name);
    if (port === SERVICE_PORT) {
      const problem = "is where the Service answers for the main port, whatever port the containers listen on";
      return [{ path, problem, got: String(port), fix: "Give it another number" }];
    }
    if (name === MAIN_PORT) {
      return [{ path, problem: "is the name of the service's main port", got, fix: "Choose another name" }];
    }
    if (name.length <= LONGEST_PORT_NAME && !name.includes("--")) return [];
    const problem = `must have at most ${LONGEST_PORT_NAME} characters and no two dashes in a row, as a port of Kubernetes`;
    return [{ path, problem, got, fix: "Choose a shorter name" }];
  });
}
