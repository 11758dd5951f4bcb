import { randomBytes } from "node:crypto";
import type { CheckCall } from "./provider";
import type { Properties } from "./wire";

/** Lists the inputs that were made here: such a resource can be replaced before the old one is gone. */
export const DEFAULTS = "__defaults";

export function isAutonamed(inputs: Properties, property = "name"): boolean {
  const defaults = inputs[DEFAULTS];
  return Array.isArray(defaults) && defaults.includes(property);
}

/**
 * The inputs with a physical name: the given one, else the one made before, else what the engine's autonaming asks
 * for, else the logical name and seven random hex digits.
 */
export function autoname(call: CheckCall, property = "name"): Properties {
  const { [DEFAULTS]: _, ...inputs } = call.inputs;
  if (inputs[property] !== undefined && inputs[property] !== null) return inputs;
  const old = isAutonamed(call.oldInputs, property) ? call.oldInputs[property] : undefined;
  return { ...inputs, [property]: old ?? makeName(call, property), [DEFAULTS]: [property] };
}

/**
 * A new physical name; `property` is what the program could have set instead. Bridged providers end it with seven
 * digits, that of Kubernetes with eight.
 */
export function makeName(call: CheckCall, property: string, digits = 7): string {
  if (call.autonaming?.mode === "disable") {
    throw new Error(`${call.name}: ${property} is missing, and autonaming is disabled. Set ${property}.`);
  }
  return call.autonaming?.proposed ?? `${call.name}-${randomBytes(4).toString("hex").slice(0, digits)}`;
}
